import {
  parquetScan,
  type AsyncBuffer,
  type DecodedArray,
  type ParquetParsers,
  type SchemaElement,
} from 'hyparquet';
import { checkCodec, codecs, loadCodec } from './codecs.js';
import type { FileColumn } from './columns-of.js';
import { flatValues, makerOf, type FlatValues } from './flat-column.js';
import { checkPlain, damaged, rangeOf, type Footer } from './footer.js';
import type { ParquetFormat } from './format.js';
import { finisher, storedElements } from './nested.js';
import { Unreadable, unreadable, utf8 } from './values.js';

/** The values of a column in a row group, before they are finished for rows. */
export interface ColumnValues {
  readonly values: ArrayLike<unknown>;
  /** What is made of each for a row, unless it is null. */
  readonly finish: ((value: never) => unknown) | undefined;
  /** Whether one of them may be null. */
  readonly hasNulls: boolean;
  /** What `Batch.hints` wants to know of each, where that is known. */
  readonly hints: Uint16Array | undefined;
}

/** Where a row group's bytes are. */
export interface GroupBytes {
  readonly file: string;
  readonly footer: Footer;
  /** Number of the row group. */
  readonly group: number;
  readonly bytes: AsyncBuffer;
}

/**
 * Reads the values of a column in a row group, by its byte range.
 *
 * @throws SourceError for what is encrypted, compressed by another codec, damaged, or more than its type holds.
 */
export async function readColumn(
  place: GroupBytes,
  column: FileColumn,
  format: ParquetFormat,
): Promise<ColumnValues> {
  const { file, footer, group } = place;
  const { name } = column;
  const rowGroup = footer.row_groups[group]!;
  for (const chunk of rowGroup.columns) {
    if (chunk.meta_data && chunk.meta_data.path_in_schema[0] !== name) continue;
    checkPlain(file, name, chunk);
    checkCodec(file, name, chunk.meta_data?.codec);
    await loadCodec(chunk.meta_data!.codec);
  }
  const what = `row group ${group}, column ${JSON.stringify(name)}`;
  let own: FlatValues | undefined;
  let values: ArrayLike<unknown>;
  try {
    own = await ownValues(place, column);
    values = own?.values ?? (await valuesOf(place, column, format));
  } catch (error) {
    if (error instanceof Unreadable) throw unreadable(file, name, error);
    throw damaged(file, what, error);
  }
  const rows = Number(rowGroup.num_rows);
  if (values.length < rows) throw damaged(file, what, new Error(`it has ${values.length} of ${rows} values`));
  const finish = column.leaf === undefined ? finisher(column.tree, format) : column.leaf.finish;
  const known = { values, hasNulls: own?.hasNulls ?? true, hints: own?.hints };
  if (finish === undefined || column.type !== 'value') return { ...known, finish };
  return { ...known, finish: (value) => finished(file, name, value, finish) };
}

/** The values of a column that is not nested; undefined where hyparquet has to read it. */
async function ownValues(
  { footer, group, bytes }: GroupBytes,
  { name, leaf }: FileColumn,
): Promise<FlatValues | undefined> {
  const make = leaf && makerOf(leaf);
  if (make === undefined) return undefined;
  const { columns, num_rows } = footer.row_groups[group]!;
  const chunk = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data;
  if (chunk === undefined) return undefined;
  const pages = await bytes.slice(...rangeOf(chunk));
  return flatValues({
    bytes: pages,
    element: leaf!.element,
    codec: chunk.codec,
    rows: Number(num_rows),
    make,
  });
}

/** The values of any column, by hyparquet. */
async function valuesOf(
  { footer, group, bytes }: GroupBytes,
  column: FileColumn,
  format: ParquetFormat,
): Promise<DecodedArray> {
  const { name } = column;
  const rowGroup = footer.row_groups[group]!;
  const { elements, parsers } = asRead(column, format);
  const metadata: Footer = {
    ...footer,
    schema: footer.schema.map((element) => elements.get(element) ?? element),
    row_groups: [rowGroup],
  };
  const options = { compressors: codecs, utf8: false, useOffsetIndex: false };
  const scan = await parquetScan({ file: bytes, metadata, columns: [name], parsers, ...options });
  return scan.readColumn({ column: name, rowStart: 0, rowEnd: Number(rowGroup.num_rows) });
}

function finished(file: string, name: string, value: never, finish: (value: never) => unknown): unknown {
  try {
    return finish(value);
  } catch (error) {
    if (error instanceof Unreadable) throw unreadable(file, name, error);
    throw damaged(file, `a value of the column ${JSON.stringify(name)}`, error);
  }
}

interface AsRead {
  readonly elements: ReadonlyMap<SchemaElement, SchemaElement>;
  readonly parsers: Partial<ParquetParsers>;
}

/**
 * hyparquet converts the values of a dictionary once, where it converts timestamps: so the column is said to be one of these, and
 * what is made of a timestamp is what the column is to become.
 */
function asRead({ tree, leaf }: FileColumn, format: ParquetFormat): AsRead {
  const stringFromBytes = utf8;
  if (leaf === undefined) {
    const timestampFromNanoseconds = (nanos: bigint): bigint => nanos;
    return { elements: storedElements(tree, format), parsers: { stringFromBytes, timestampFromNanoseconds } };
  }
  const { element, convert } = leaf;
  if (convert === undefined)
    return { elements: new Map([[tree.element, element]]), parsers: { stringFromBytes } };
  const converted: SchemaElement = {
    ...element,
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  };
  const parse = convert as (stored: bigint) => unknown;
  return {
    elements: new Map([[tree.element, converted]]),
    parsers: { timestampFromMilliseconds: parse, timestampFromNanoseconds: parse },
  };
}
