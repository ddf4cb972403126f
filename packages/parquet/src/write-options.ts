import type { WriteOptions } from '@forkfold/core';

/**
 * What a column is written as: the name of a type, `['string']` for a list of texts, `{ lat: 'number', lon: 'number' }` for a record.
 * All may be null.
 *
 * - `'string'`: text
 * - `'number'`: a floating-point number of 64 bits
 * - `'float'`: one of 32 bits, to which numbers are rounded
 * - `'int32'`: a number that is an integer of 32 bits
 * - `'bigint'`: an integer of 64 bits, of a bigint or of a number that is one
 * - `'boolean'`
 * - `'date'`: a Date, as a point in time, in milliseconds
 * - `'day'`: a Date at midnight UTC, as a day
 * - `'bytes'`: a Uint8Array
 */
export type ParquetType =
  | 'string'
  | 'number'
  | 'float'
  | 'int32'
  | 'bigint'
  | 'boolean'
  | 'date'
  | 'day'
  | 'bytes'
  | readonly [ParquetType]
  | { readonly [field: string]: ParquetType };

/** How columns are compressed. */
export type ParquetCodec = 'snappy' | 'zstd' | 'gzip' | 'brotli' | 'uncompressed';

/** How `writeParquet` writes. */
export interface WriteParquetOptions<T = unknown> {
  /** Replaces an earlier output; it stays as it is until the new one is complete. @default false */
  readonly overwrite?: boolean;
  /** What the names of parts end in. @default '.parquet' */
  readonly extension?: string;
  /** A directory for the records of each value, such as `country=de/part-00000.parquet`: see `WriteOptions` of `@forkfold/core`. */
  readonly partitionBy?: NonNullable<WriteOptions<T>['partitionBy']>;
  /** Writes one file, in the order of the dataset: see `WriteOptions` of `@forkfold/core`. @default false */
  readonly single?: boolean;
  /**
   * The columns and their types, in this order; a record that lacks one has null there. @default the keys of the first record of
   * each part and the types of its values: text, number, bigint, boolean, Date, bytes, lists and records of these
   */
  readonly columns?: Readonly<Record<string, ParquetType>>;
  /** Rows of a row group, which is what a reader takes at once; fewer where they have more than 64 MiB of text and bytes. @default 100000 */
  readonly rowGroupSize?: number;
  /** `'zstd'` needs Node.js 22.15. @default 'snappy' */
  readonly codec?: ParquetCodec;
}
