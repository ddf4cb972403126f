/**
 * The contracts of a source: all that a format needs, in this package or in another one.
 *
 *   parent                                     child
 *   Source.cut(options) -> Cut.chunks --------> ChunkReader.read(chunk) -> Batches -> ChunkReader.parse -> verbs
 *
 * A source is two halves. The parent's half describes and cuts; the child's half reads. Chunks are all that passes
 * between them, as plain data, and a child finds its half by a module reference (`ModuleRef`), so neither half knows
 * the engine. Where boundaries lie depends on the input and the chunk options alone, never on processes or time.
 *
 * Files whose records end with a line share most of the work: `fileSource` is the parent's half of all of them, and
 * `fileReader` makes a `ChunkReader` out of a `RecordReader`, which makes records of blocks of whole lines.
 */
import type { RecordPosition } from '../errors.js';

/** Options that decide where chunk boundaries lie; results depend on them and on the input alone. */
export interface ChunkOptions {
  readonly chunkSize?: number | undefined;
  readonly chunkBytes?: number | undefined;
  /**
   * So many records are taken together: where a chunk has a number of records and `chunkSize` gives none, it is a multiple of
   * this one.
   */
  readonly unit?: number | undefined;
  /**
   * May be called, before the input is cut, once it is sure that there are more chunks than children: these start meanwhile. For
   * sources that look at thousands of files first.
   */
  readonly onLarge?: (() => void) | undefined;
}

/** The least multiple of `unit` that is no less than `size`. */
export function inUnits(size: number, unit = 1): number {
  return Math.ceil(size / unit) * unit;
}

/** Where the records of a dataset come from. To describe a source reads nothing. */
export interface Source {
  /** How the user calls it, such as `textLines`. */
  readonly name: string;
  /** Besides the name, what tells it from another source: plain data, which a checkpoint must find unchanged. */
  readonly identity: unknown;
  /** Paths and globs of its files, whose sizes and times a checkpoint must find unchanged. */
  readonly paths?: readonly string[];
  /** How many records there are, where that is known without reading, for records in memory. */
  count?(): number | undefined;
  /**
   * Cuts it into chunks, in the parent.
   *
   * @throws SourceError for input that is not there, before any task begins.
   */
  cut(options: ChunkOptions): Cut | Promise<Cut>;
}

/** What crosses to a child to say which records are its own: plain data, which its reader understands. */
export interface SourceChunk {
  /** Index of its first record in the source, where its records are known by an index. */
  readonly first?: number;
  /** How many bytes travel with it; nothing, where it says only where its records are. */
  readonly bytes?: number;
}

/** A source cut into chunks. */
export interface Cut {
  readonly chunks: Iterable<SourceChunk> | AsyncIterable<SourceChunk>;
  /** Number of chunks, where it is known before the source has been read. */
  readonly count: number | undefined;
  /** An estimate of the size of the input in bytes, where it is known; it sets the number of shuffle partitions. */
  readonly bytes: number | undefined;
  /** About how many records a chunk has, where that is known. */
  readonly chunkRecords?: number;
  /** Returns a source that is open from the start, if nobody has pulled all of it or returned it before. */
  readonly close?: () => Promise<unknown>;
}

/** Some records of a chunk, read at once. */
export interface Batch {
  readonly records: ArrayLike<unknown>;
  /** The index of the first of them in the source, where that is known without reading what lies before. */
  readonly first?: number;
  /** Where record `i` of this batch stands in the source. Called for an error only, so it may be slow. */
  locate(i: number): RecordPosition;
  /**
   * A number below 4097 for each record: as a rule, the same one where a field of theirs that is likely to be a key is the same
   * text, and 0 where nothing is known of it. Who looks for keys need not look at their characters then; what is found
   * never depends on it. They are those of these records until the next batch is asked for.
   */
  readonly hints?: Uint16Array | undefined;
  /** Whether `ChunkReader.parse` would give all of them as they are, and need not be asked. */
  readonly areParsed?: boolean | undefined;
  /** What messages show of record `i`, where it is not the record as it was read. */
  readonly shown?: ((i: number) => unknown) | undefined;
}

/** The records of a chunk in order: synchronous wherever it can be. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/** What `ChunkReader.parse` gives for what is no record at all, such as a blank line. */
export const NO_RECORD = Symbol('no record');

/** The child's half of a source. */
export interface ChunkReader<C extends SourceChunk = never> {
  /** The records of a chunk in order, in the process that maps them. */
  read(chunk: C): Batches;
  /**
   * Makes a record of what was read, where that may fail for a single one: a `BadRecord` is the input's fault, and
   * `onError` may leave it out. Messages show what was read.
   */
  parse?(read: unknown): unknown;
}
