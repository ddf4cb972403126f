import type { CompressionCodec, SchemaElement } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { codecs } from './codecs.js';
import type { Leaf } from './leaf.js';
import { utf8 } from './values.js';

/** A column chunk that is not nested, and how its values are made. */
export interface FlatChunk {
  /** All of its pages. */
  readonly bytes: ArrayBuffer;
  readonly element: SchemaElement;
  readonly codec: CompressionCodec;
  readonly rows: number;
  /** What is made of a stored value. */
  readonly make: (stored: never) => unknown;
}

/** The values of a column chunk. */
export interface FlatValues {
  /** Null where there is none. */
  readonly values: unknown[];
  readonly hasNulls: boolean;
  /** Of texts, what `Batch.hints` wants to know of each. */
  readonly hints: Uint16Array | undefined;
}

/** Of a larger dictionary there are no hints: they may not be larger than this. */
const MOST_HINTED = 4096;

type PageHeader = ReturnType<typeof parquetHeader>;

/** What makes the values of a leaf out of stored ones; undefined where only hyparquet knows how. */
export function makerOf({ element, convert }: Leaf): FlatChunk['make'] | undefined {
  if (convert !== undefined) return element.type === 'INT96' ? undefined : convert;
  if (element.converted_type === 'UTF8' && element.type === 'BYTE_ARRAY') return utf8;
  const hasMeaning = element.converted_type !== undefined || element.logical_type !== undefined;
  return hasMeaning || element.type === 'INT96' ? undefined : same;
}

/**
 * The values of a column chunk, null where there is none; undefined for encodings that are rare, which hyparquet reads. It does what
 * hyparquet does, in a third of the time: most columns could have nulls and have none, or few, and no lists.
 */
export function flatValues(chunk: FlatChunk): FlatValues | undefined {
  const { bytes, rows, make } = chunk;
  const reader = { view: new DataView(bytes), offset: 0 };
  const values = new Array<unknown>(rows).fill(null);
  const hints = make === utf8 ? new Uint16Array(rows) : undefined;
  let hasNulls = false;
  let dictionary: readonly unknown[] | undefined;
  let at = 0;
  while (at < rows && reader.offset < bytes.byteLength) {
    const header = parquetHeader(reader);
    const stored = new Uint8Array(bytes, reader.offset, header.compressed_page_size);
    reader.offset += header.compressed_page_size;
    if (header.type === 'DICTIONARY_PAGE') {
      dictionary = dictionaryOf(stored, header, chunk);
      continue;
    }
    const page = pageOf(stored, header, chunk);
    if (page === undefined || !place(page, { values, hints, at, dictionary }, chunk)) return undefined;
    hasNulls ||= page.levels !== undefined;
    at += page.count;
  }
  return at === rows ? { values, hasNulls, hints } : undefined;
}

function dictionaryOf(
  stored: Uint8Array,
  header: PageHeader,
  { codec, element, make }: FlatChunk,
): readonly unknown[] {
  const page = decompressPage(stored, header.uncompressed_page_size, codec, codecs);
  const values = readPlain(
    readerOf(page),
    element.type!,
    header.dictionary_page_header!.num_values,
    element.type_length,
  );
  return Array.from(values as unknown as ArrayLike<never>, make);
}

/** A page of values: where they are there, and what stands for those that are. */
interface Page {
  readonly count: number;
  /** 1 for each value that is there, 0 for null; undefined where none is null. */
  readonly levels: Uint8Array | undefined;
  readonly encoding: string;
  readonly stored: Uint8Array;
}

function pageOf(stored: Uint8Array, header: PageHeader, { codec, element }: FlatChunk): Page | undefined {
  const isOptional = element.repetition_type === 'OPTIONAL';
  const { uncompressed_page_size: size, data_page_header: first, data_page_header_v2: second } = header;
  if (header.type === 'DATA_PAGE' && first) {
    const page = decompressPage(stored, size, codec, codecs);
    const { num_values: count, encoding } = first;
    if (!isOptional) return { count, encoding, levels: undefined, stored: page };
    if (first.definition_level_encoding !== 'RLE') return undefined;
    const length = readerOf(page).view.getUint32(0, true);
    const levels = levelsOf(page.subarray(4, 4 + length), count);
    return { count, encoding, levels, stored: page.subarray(4 + length) };
  }
  if (header.type !== 'DATA_PAGE_V2' || !second) return undefined;
  const {
    num_values: count,
    encoding,
    definition_levels_byte_length: defined,
    repetition_levels_byte_length: repeated,
  } = second;
  if (repeated !== 0) return undefined;
  const levels = isOptional ? levelsOf(stored.subarray(0, defined), count) : undefined;
  const packed = stored.subarray(defined);
  // A page without values may have no bytes, which no codec knows.
  const isPacked = second.is_compressed !== false && size > defined;
  return {
    count,
    encoding,
    levels,
    stored: isPacked ? decompressPage(packed, size - defined, codec, codecs) : packed,
  };
}

function levelsOf(bytes: Uint8Array, count: number): Uint8Array | undefined {
  const levels = new Uint8Array(count);
  readRleBitPackedHybrid(readerOf(bytes), 1, levels, bytes.length);
  return levels.includes(0) ? levels : undefined;
}

/** Where the values of a page belong. */
interface Placing {
  readonly values: unknown[];
  readonly hints: Uint16Array | undefined;
  /** The row of the first of the page. */
  readonly at: number;
  readonly dictionary: readonly unknown[] | undefined;
}

/** Puts the values of a page where they belong. Gives whether it could: not for an encoding that is rare. */
function place(page: Page, to: Placing, { element, make }: FlatChunk): boolean {
  const { count, levels, encoding, stored } = page;
  const { values, hints, at, dictionary } = to;
  const there = levels === undefined ? count : levels.reduce((sum, level) => sum + level, 0);
  const rows = levels && placesOf(levels, there);
  if (encoding === 'PLAIN') {
    const plain = readPlain(
      readerOf(stored),
      element.type!,
      there,
      element.type_length,
    ) as unknown as ArrayLike<never>;
    if (rows === undefined) for (let i = 0; i < there; i += 1) values[at + i] = make(plain[i]!);
    else for (let i = 0; i < there; i += 1) values[at + rows[i]!] = make(plain[i]!);
    return true;
  }
  const isKnown = encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY';
  if (!isKnown || dictionary === undefined) return false;
  const indexes = new Uint32Array(there);
  const width = stored[0] ?? 0;
  if (width > 0)
    readRleBitPackedHybrid({ view: readerOf(stored).view, offset: 1 }, width, indexes, stored.length - 1);
  if (rows === undefined) for (let i = 0; i < there; i += 1) values[at + i] = dictionary[indexes[i]!];
  else for (let i = 0; i < there; i += 1) values[at + rows[i]!] = dictionary[indexes[i]!];
  if (hints === undefined || dictionary.length > MOST_HINTED) return true;
  if (rows === undefined) for (let i = 0; i < there; i += 1) hints[at + i] = indexes[i]! + 1;
  else for (let i = 0; i < there; i += 1) hints[at + rows[i]!] = indexes[i]! + 1;
  return true;
}

/** Where the values are that are there. */
function placesOf(levels: Uint8Array, there: number): Uint32Array {
  const places = new Uint32Array(there);
  for (let i = 0, next = 0; i < levels.length; i += 1) if (levels[i] === 1) places[next++] = i;
  return places;
}

function readerOf(bytes: Uint8Array): { view: DataView; offset: number } {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

function same(value: unknown): unknown {
  return value;
}
