import type { SourceChunk } from '../source.js';

/** How a file's bytes become text: by the ending of its name. */
export type Compression = 'none' | 'gzip' | 'brotli' | 'zstd';

/** A byte range of one file. It owns every record that starts in `[start, end)`. */
export interface BytesChunk extends SourceChunk {
  readonly kind: 'bytes';
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** A compressed file is one chunk, `start` 0 and `end` its size on disk. */
  readonly compression: Compression;
  /** What the file was when it was listed: see `FoundFile`. */
  readonly id: string;
  /** Whether it is read to its end, which nobody knows: `start` is 0 and `end` Infinity. */
  readonly isUnsized?: boolean;
}

/** Small plain files, each to be read as a whole, one after the other; file `i` is `files[i]`. */
export interface PackedChunk extends SourceChunk {
  readonly kind: 'packed';
  readonly files: readonly string[];
  readonly sizes: readonly number[];
  /** See `BytesChunk.id`. */
  readonly ids: readonly string[];
}

/** Each of these files, as the range that is all of it. */
export function* wholeFiles({ files, sizes, ids }: PackedChunk): Generator<BytesChunk, void, undefined> {
  for (let i = 0; i < files.length; i += 1) {
    yield { kind: 'bytes', file: files[i]!, start: 0, end: sizes[i]!, compression: 'none', id: ids[i]! };
  }
}

/** What files are cut into. */
export type FileChunk = BytesChunk | PackedChunk;
