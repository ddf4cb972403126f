import { Dataset, OptionError, type Plan, type WrittenFiles } from '@forkfold/core';
import {
  checkArgument,
  checkArguments,
  aBoolean,
  positiveInteger,
  suggestName,
  writePlan,
  type Rule,
} from '@forkfold/core/engine';
import { hasZstd } from './write/codecs.js';
import type { ParquetLayout } from './write/parquet-part.js';
import type { ParquetCodec, ParquetType, WriteParquetOptions } from './write-options.js';

declare module '@forkfold/core' {
  interface Dataset<T> {
    /** As the function `writeParquet`, which see. There once `@forkfold/parquet` is imported. */
    writeParquet(this: Dataset<T>, directory: string, options?: WriteParquetOptions): Plan<WrittenFiles>;
  }
}

const codecs: readonly ParquetCodec[] = ['snappy', 'zstd', 'gzip', 'brotli', 'uncompressed'];
const types: readonly ParquetType[] = [
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
export function writeParquet(
  dataset: Dataset<unknown>,
  directory: string,
  options: WriteParquetOptions = {},
): Plan<WrittenFiles> {
  checkArguments('writeParquet', options, rules);
  const {
    columns,
    rowGroupSize = 100_000,
    codec = 'snappy',
    extension = '.parquet',
    overwrite = false,
  } = options;
  if (columns !== undefined)
    for (const [name, type] of Object.entries(columns)) checkType(`columns.${name}`, type);
  if (codec === 'zstd' && !hasZstd) {
    throw new OptionError(
      'codec "zstd" needs Node.js 22.15 or later: take "snappy", or "gzip" for smaller files',
      'codec',
    );
  }
  const layout: ParquetLayout = { columns, rowGroupSize, codec };
  const format = {
    module: new URL('./write/parquet-part.js', import.meta.url).href,
    name: 'parquetPart',
    arguments: [layout],
  };
  return writePlan(
    dataset as Dataset<never>,
    { verb: 'writeParquet', suffix: '.parquet', format },
    directory,
    {
      extension,
      overwrite,
    },
  );
}

Object.defineProperty(Dataset.prototype, 'writeParquet', {
  value(this: Dataset<unknown>, directory: string, options?: WriteParquetOptions) {
    return writeParquet(this, directory, options);
  },
  writable: true,
  configurable: true,
});

function checkType(name: string, type: unknown): void {
  if (Array.isArray(type) && type.length === 1) {
    checkType(`${name}[0]`, type[0]);
    return;
  }
  if (isPlain(type) && Object.keys(type).length > 0) {
    for (const [field, of] of Object.entries(type)) checkType(`${name}.${field}`, of);
    return;
  }
  const known = typeof type === 'string' ? `: ${suggestName(type, types as readonly string[])}` : '';
  const list = types.map((one) => JSON.stringify(one)).join(', ');
  checkArgument(name, type, [
    `one of ${list}, an array of one type, or an object of types${known}`,
    (value) => types.includes(value as ParquetType),
  ]);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
