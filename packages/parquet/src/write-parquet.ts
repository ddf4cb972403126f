import { Dataset, OptionError, type Plan, type WrittenFiles } from '@forkfold/core';
import {
  checkArgument,
  checkArguments,
  aBoolean,
  positiveInteger,
  suggestNear,
  writePlan,
  type Rule,
} from '@forkfold/core/engine';
import { hasZstd } from './write/codecs.js';
import type { ParquetLayout } from './write/parquet-part.js';
import type { ParquetCodec, ParquetType, WriteParquetOptions } from './write-options.js';

declare module '@forkfold/core' {
  interface Dataset<T> {
    /** As the function `writeParquet`, which see. There once `@forkfold/parquet` is imported. */
    writeParquet(this: Dataset<T>, directory: string, options?: WriteParquetOptions<T>): Plan<WrittenFiles>;
  }
}

const codecs: readonly ParquetCodec[] = ['snappy', 'zstd', 'gzip', 'brotli', 'uncompressed'];
const types: readonly Extract<ParquetType, string>[] = [
  'string',
  'number',
  'float',
  'int32',
  'bigint',
  'boolean',
  'date',
  'day',
  'bytes',
];

const rules: Readonly<Record<string, Rule>> = {
  overwrite: aBoolean,
  extension: ['a dot and letters or digits, such as ".parquet"', (value) => typeof value === 'string'],
  columns: [
    'an object of types by name, such as { id: "bigint", tags: ["string"] }',
    (value) => isPlain(value) && Object.keys(value).length > 0,
  ],
  rowGroupSize: positiveInteger,
  // Core looks at these.
  partitionBy: ['', () => true],
  single: ['', () => true],
  codec: [
    `one of ${codecs.map((codec) => JSON.stringify(codec)).join(', ')}`,
    (value) => codecs.includes(value as ParquetCodec),
  ],
};

/**
 * Writes records as rows of Parquet, into numbered parts in a directory that must not exist yet, with the commit of `writeText`:
 * the directory appears once all parts are complete, and a run that fails leaves nothing. Also a method of datasets.
 *
 * Records are objects, whose keys are the columns. Without `columns` each part has those of its first record, and the types of its
 * values; values of unlike types, and a column that is null throughout a part, are errors: name the columns then. Numbers are written
 * as floating-point numbers of 64 bits unless `columns` says else.
 *
 * @throws OptionError for a directory that exists, unless `overwrite`, and for wrong options; the run rejects with a TaskError for a
 *   value that its column does not take, and for a key that no column has.
 * @example
 * await from([{ origin: 'SEA', delay: 12 }, { origin: 'PDX', delay: -3 }]).writeParquet('flights').run();
 * await parquet('flights/*.parquet').count().run(); // -> 2
 */
export function writeParquet<T>(
  dataset: Dataset<T>,
  directory: string,
  options: WriteParquetOptions<T> = {},
): Plan<WrittenFiles> {
  checkArguments('writeParquet', options, rules);
  const { extension = '.parquet', overwrite = false, single = false, partitionBy } = options;
  const format = {
    module: new URL('./write/parquet-part.js', import.meta.url).href,
    name: 'parquetPart',
    arguments: [layoutOf(options)],
  };
  return writePlan(
    dataset as Dataset<unknown> as Dataset<never>,
    { verb: 'writeParquet', suffix: '.parquet', format },
    directory,
    { extension, overwrite, single, ...(partitionBy && { partitionBy }) },
  );
}

function layoutOf<T>(options: WriteParquetOptions<T>): ParquetLayout {
  const { columns, rowGroupSize = 100_000, codec = 'snappy', partitionBy } = options;
  for (const [name, type] of Object.entries(columns ?? {})) checkType(`columns.${name}`, type);
  if (codec === 'zstd' && !hasZstd) {
    const remedy = 'take "snappy", or "gzip" for smaller files';
    throw new OptionError(`codec "zstd" needs Node.js 22.15 or later: ${remedy}`, 'codec');
  }
  return { columns: columns && without(columns, partitionBy), rowGroupSize, codec };
}

Object.defineProperty(Dataset.prototype, 'writeParquet', {
  value(this: Dataset<unknown>, directory: string, options?: WriteParquetOptions) {
    return writeParquet(this, directory, options);
  },
  writable: true,
  configurable: true,
});

/** The columns that are left when directories have some. @throws OptionError where none is. */
function without(
  columns: NonNullable<ParquetLayout['columns']>,
  by: unknown,
): NonNullable<ParquetLayout['columns']> {
  const fields = Array.isArray(by) ? (by as readonly unknown[]) : [by];
  const left = Object.entries(columns).filter(([name]) => !fields.includes(name));
  if (left.length > 0) return Object.fromEntries(left);
  throw new OptionError('partitionBy has all of "columns", and leaves none to write', 'columns');
}

function checkType(name: string, type: unknown): void {
  if (Array.isArray(type) && type.length === 1) {
    checkType(`${name}[0]`, type[0]);
    return;
  }
  if (isPlain(type) && Object.keys(type).length > 0) {
    for (const [field, of] of Object.entries(type)) checkType(`${name}.${field}`, of);
    return;
  }
  const known = suggestNear(type, types);
  const list = types.map((one) => JSON.stringify(one)).join(', ');
  checkArgument(name, type, [
    `one of ${list}, an array of one type, or an object of types${known}`,
    (value) => types.includes(value as Extract<ParquetType, string>),
  ]);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
