import type { RecordPosition } from '../../errors.js';
import { wholeFiles, type BytesChunk, type FileChunk, type PackedChunk } from '../files/bytes-chunk.js';
import { decompressedBlocks } from '../files/decompressed-blocks.js';
import { fileBlocks } from '../files/file-blocks.js';
import { lineAt, lineFinder } from '../files/line-finder.js';
import { LF, type BlockLimits, type RecordBlock } from '../files/record-blocks.js';
import type { Batch, ChunkReader } from '../source.js';

/** How a format makes records of blocks of whole lines. Found by a module reference, and made once a run in each child. */
export interface RecordReader {
  /** Bytes of a block, or of one longer record. */
  readonly blockBytes: number;
  /** A record that is as long as this is an error. */
  readonly recordBytes: number;
  /** Whether records may be views of their block, whose memory then serves no other block. */
  readonly keepsBlocks: boolean;
  /** Whether messages show the line of a record, where the record is no text. */
  readonly showsLines?: boolean;
  /** Begins a byte range of a file: what it returns is given the range's blocks in order. */
  open(chunk: BytesChunk): (block: RecordBlock) => BlockRecords;
  /** See `ChunkReader.parse`. */
  parse?(read: unknown): unknown;
}

/** The records of a block. */
export interface BlockRecords {
  readonly records: ArrayLike<unknown>;
  /** How many lines the block has, where that costs nothing; without it, positions in compressed files have no line. */
  readonly lines?: number;
  /** How many lines of the block come before record `i`; as many as records where it is not given. */
  linesBefore?(i: number): number;
  /** See `Batch`. */
  readonly hints?: Uint16Array;
  /** See `Batch`. */
  readonly areParsed?: boolean;
}

/**
 * Reads byte ranges of plain and of compressed files, and many small files, in the format of `reader`.
 *
 * @throws SourceError for a file that has changed or cannot be read, and for a record that is too long.
 */
export function fileReader(reader: RecordReader): ChunkReader<FileChunk> {
  const { parse, blockBytes, recordBytes, keepsBlocks } = reader;
  const limits = { blockBytes, recordBytes, reuse: !keepsBlocks };
  return {
    read(chunk) {
      if (chunk.kind === 'packed') return readPacked(chunk, reader, limits);
      return chunk.compression === 'none' ? readPlain(chunk, reader, limits) : readCompressed(chunk, reader);
    },
    ...(parse && { parse: (read: unknown) => parse(read) }),
  };
}

function* readPacked(
  packed: PackedChunk,
  reader: RecordReader,
  limits: BlockLimits,
): Generator<Batch, void, undefined> {
  for (const chunk of wholeFiles(packed)) yield* readPlain(chunk, reader, limits);
}

function* readPlain(
  chunk: BytesChunk,
  reader: RecordReader,
  limits: BlockLimits,
): Generator<Batch, void, undefined> {
  const place = new PlainPlace(chunk.file, reader.showsLines ?? false);
  const toRecords = reader.open(chunk);
  for (const block of fileBlocks(chunk, limits)) yield new PlainBatch(place, block.at, toRecords(block));
}

/** A plain file, whose lines are looked for where a message needs it. */
class PlainPlace {
  readonly file: string;
  readonly showsLines: boolean;
  #find: ReturnType<typeof lineFinder> | undefined;

  constructor(file: string, showsLines: boolean) {
    this.file = file;
    this.showsLines = showsLines;
  }

  find(at: number, i: number): RecordPosition {
    this.#find ??= lineFinder(this.file);
    return this.#find(at, i);
  }
}

/** The records of a block of a plain file. A class, since there may be millions of files with few records each. */
class PlainBatch implements Batch {
  readonly records: ArrayLike<unknown>;
  readonly hints: Uint16Array | undefined;
  readonly areParsed: boolean | undefined;
  readonly shown: ((i: number) => unknown) | undefined;
  readonly #place: PlainPlace;
  readonly #at: number;
  readonly #found: BlockRecords;

  /** A function of its own, as users of a batch may take it from there. */
  readonly locate = (i: number): RecordPosition =>
    this.#place.find(this.#at, this.#found.linesBefore?.(i) ?? i);

  constructor(place: PlainPlace, at: number, found: BlockRecords) {
    this.records = found.records;
    this.hints = found.hints;
    this.areParsed = found.areParsed;
    this.#place = place;
    this.#at = at;
    this.#found = found;
    this.shown = place.showsLines ? showing(found, (i) => lineAt(place.file, this.locate(i))) : undefined;
  }
}

async function* readCompressed(
  chunk: BytesChunk,
  reader: RecordReader,
): AsyncGenerator<Batch, void, undefined> {
  const { file } = chunk;
  const toRecords = reader.open(chunk);
  let line: number | undefined = 1;
  // Blocks are kept for `locate`: to find a line in the file again would take decompressing it.
  for await (const block of decompressedBlocks(chunk, { ...reader, reuse: false })) {
    const { lines, linesBefore, ...found } = toRecords(block);
    const first: number | undefined = line;
    const { bytes } = block;
    yield {
      ...found,
      ...(reader.showsLines && { shown: showing(found, (i) => textOfLine(bytes, skipLines(bytes, i))) }),
      locate(i) {
        if (first === undefined || lines === undefined) return { file, byte: block.at };
        const before = linesBefore ? linesBefore(i) : i;
        return { file, line: first + before, byte: block.at + skipLines(block.bytes, before) };
      },
    };
    line = first === undefined || lines === undefined ? undefined : first + lines;
  }
}

/** What messages show of the records of a block: their lines, where these are found. */
function showing(
  { records }: BlockRecords,
  lineOf: (i: number) => string | undefined,
): NonNullable<Batch['shown']> {
  return (i) => (typeof records[i] === 'string' ? records[i] : (lineOf(i) ?? records[i]));
}

function textOfLine(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(LF, at);
  return bytes.toString('utf8', at, end < 0 ? bytes.length : end).replace(/\r$/, '');
}

function skipLines(bytes: Buffer, lines: number): number {
  let at = 0;
  for (let i = 0; i < lines; i += 1) at = bytes.indexOf(LF, at) + 1;
  return at;
}
