import type { CsvColumns, Dataset, Paths, StandardSchema, WithPartitions } from '@forkfold/core';
import { checkPaths, sourceDataset } from '@forkfold/core/engine';
import { formatOf } from './check-options.js';
import type {
  ParquetColumns,
  ParquetOptions,
  ParquetRow,
  ParquetSchemaOptions,
  WithNulls,
} from './parquet-options.js';
import { parquetSource } from './read/parquet-source.js';

/**
 * The rows of Parquet files, as plain objects, in the order of the files and in theirs. A chunk is a row group: the parent reads the
 * footers alone, and a child the bytes of the columns that rows have. Row groups whose statistics exclude `filter` are not read.
 *
 * Values are plain: texts, numbers, booleans, Dates (to the millisecond), bytes as `Uint8Array`, lists as arrays, maps and records as
 * objects, and null. The types of `columns` say what else a column may be read as, and type the rows. All codecs but LZO are read.
 *
 * A row group is held by a child as a whole, so a file with few and large ones takes more memory, and fewer children at a time.
 *
 * @typeParam Row Without types and without a schema the caller's word, which nothing checks.
 * @param paths As of `textLines`.
 * @throws OptionError for other paths or options. The run rejects with a SourceError for a file that is no Parquet file, is cut,
 *   encrypted or damaged, or lacks a column, and for a value that its type cannot hold; with an OptionError for a filter that compares
 *   a column with a value of another type.
 * @example
 * parquet('flights/*.parquet', { columns: { origin: 'string', delay: 'number' }, filter: { delay: { gt: 0 } } })
 *   .groupBy('origin')
 *   .aggregate({ n: count, mean: mean('delay') });
 */
export function parquet<Row>(paths: Paths, options: ParquetSchemaOptions<Row>): Dataset<Row>;
export function parquet<const Columns extends ParquetColumns, const By extends CsvColumns = []>(
  paths: Paths,
  options: ParquetOptions & { readonly columns: Columns; readonly partitionedBy?: By } & WithNulls,
): Dataset<WithPartitions<ParquetRow<Columns, null>, By>>;
export function parquet<const Columns extends ParquetColumns, const By extends CsvColumns = []>(
  paths: Paths,
  options: ParquetOptions & { readonly columns: Columns; readonly partitionedBy?: By },
): Dataset<WithPartitions<ParquetRow<Columns>, By>>;
export function parquet<Row = Record<string, unknown>>(
  paths: Paths,
  options?: ParquetOptions & Partial<WithNulls>,
): Dataset<Row>;
export function parquet(
  paths: Paths,
  options: ParquetOptions & { readonly schema?: StandardSchema; readonly nulls?: boolean | undefined } = {},
): Dataset<unknown> {
  const checked = checkPaths(paths);
  const format = formatOf(options);
  const { schema } = options;
  return sourceDataset(parquetSource(checked, format), {
    module: new URL('./read/parquet-rows.js', import.meta.url).href,
    name: 'parquetRows',
    arguments: [format, ...(schema === undefined ? [] : [schema])],
  });
}
