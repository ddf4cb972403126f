import type { RecordPosition } from '../errors.js';

/** A run of items that travels with the message. */
export interface ItemsChunk {
  readonly kind: 'items';
  /** The items, encoded by the codec: an array or a typed array. */
  readonly items: Uint8Array;
  /** Index of the first item in its source. */
  readonly first: number;
}

/** A slice of an arithmetic progression: `start + i * step` for the indexes from `first`. */
export interface RangeChunk {
  readonly kind: 'range';
  readonly start: number;
  readonly step: number;
  /** Index of the first number in its source. */
  readonly first: number;
  readonly count: number;
}

/** How a file's bytes become text: by the ending of its name. */
export type Compression = 'none' | 'gzip' | 'brotli' | 'zstd';

/** A byte range of one file. It owns every record that starts in `[start, end)`. */
export interface BytesChunk {
  readonly kind: 'bytes';
  /** What a record is: a line of text, or a block of whole records as bytes. */
  readonly format: 'lines' | 'blocks';
  /** The encoding of the lines; UTF-8 if not given. */
  readonly encoding?: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** A compressed file is one chunk, `start` 0 and `end` its size on disk. */
  readonly compression: Compression;
}

/** What crosses to a child to say which records are its own. */
export type SourceChunk = ItemsChunk | RangeChunk | BytesChunk;

/** Some records of a chunk, read at once. */
export interface Batch {
  readonly records: ArrayLike<unknown>;
  /** Where record `i` of this batch stands in the source. Called for an error only, so it may be slow. */
  locate(i: number): RecordPosition;
}

/** The records of a chunk in order: synchronous wherever it can be. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/** Options that decide where chunk boundaries lie; results depend on them and on the input alone. */
export interface ChunkOptions {
  readonly chunkSize?: number | undefined;
  readonly chunkBytes?: number | undefined;
}

/** A source cut into chunks. */
export interface Partitions {
  readonly chunks: Iterable<SourceChunk> | AsyncIterable<SourceChunk>;
  /** Number of chunks, where it is known before the source has been read. */
  readonly count: number | undefined;
  /** An estimate of the size of the input in bytes, where it is known; it sets the number of shuffle partitions. */
  readonly bytes: number | undefined;
  /** Returns a source that is open from the start, if nobody has pulled all of it or returned it before. */
  readonly close?: () => Promise<unknown>;
}
