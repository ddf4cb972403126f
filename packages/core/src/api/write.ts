import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { areNames, aBoolean, checkArgument, checkArguments, type Rule } from '../checks/check-arguments.js';
import { own, type ModuleRef } from '../module-ref.js';
import type { Action } from '../plan/action.js';
import { refer, referModule, type PlanFunction } from '../plan/function-ref.js';
import type { Node } from '../plan/node.js';
import { sameKey } from '../plan/own-functions.js';
import { partitionInWords } from '../plan/partition-by.js';
import type { PartitionValue } from '../plan/partition-name.js';
import type { CsvLayout } from '../task/sinks/csv-part.js';
import { aMark } from './csv-mark.js';
import type { FieldName, FunctionOf } from './field-name.js';

/**
 * Which directory a record goes to: by a field, by several, or by an object of names and values that a function makes of it, as
 * in `({ at }) => ({ year: at.getUTCFullYear() })`.
 */
export type PartitionBy<T> =
  FieldName<T> | readonly FieldName<T>[] | FunctionOf<T, Readonly<Record<string, PartitionValue>>>;

/** How `writeText`, `writeJsonLines` and `writeCsv` write. */
export interface WriteOptions<T = unknown> {
  /** Replaces an earlier output; it stays as it is until the new one is complete. @default false */
  readonly overwrite?: boolean;
  /** Compresses every part; its name then ends in `.gz`. @default false */
  readonly gzip?: boolean;
  /** What the names of parts end in, before `.gz`, such as `.tsv`. @default `.txt`, `.jsonl` or `.csv` */
  readonly extension?: string;
  /**
   * Writes the records of each value into a directory of its own, such as `country=de/part-00000.csv`, as Hive and Spark do: what
   * these and DuckDB, pandas or Polars read as a partitioned data set. Fields are left out of the rows, since the directories have
   * them; a function's names are directories only, and rows stay whole. Texts, numbers, bigints, booleans and Dates (ISO 8601, UTC)
   * have a directory, with the characters that Hive escapes as `%2F`; null, undefined and an empty text are
   * `__HIVE_DEFAULT_PARTITION__`. A task writes one part a directory, at most 10,000, with 64 files open and 16 MiB held at a time.
   */
  readonly partitionBy?: PartitionBy<T>;
  /**
   * Writes one file, `part-00000`, in the order of the dataset, or one in each directory of `partitionBy`; none of no records. All
   * verbs before it run as ever; then one child writes what all have made, which goes through temporary files where it is much.
   *
   * @default false
   */
  readonly single?: boolean;
}

/** How `writeCsv` writes. */
export interface WriteCsvOptions<T = unknown> extends WriteOptions<T> {
  /** Whether each part begins with the names of its columns. @default true */
  readonly header?: boolean;
  /** One character. @default ',' */
  readonly delimiter?: string;
  /** One character, which is doubled within quotes. @default '"' */
  readonly quote?: string;
  /** The keys that are written, in this order. @default those of the first record of each part, which the others must have, too */
  readonly columns?: readonly string[];
  /** What stands for null and undefined. @default '', and an empty text is written in quotes */
  readonly nulls?: string;
}

/** How the parts of a writing verb are made. */
export interface PartsFormat {
  /** How the user calls it. */
  readonly verb: string;
  /** Ending of the names of parts, such as `.txt`. */
  readonly suffix: string;
  /** Where children find the `PartFormat`. */
  readonly format: ModuleRef;
}

export const textFormat: PartsFormat = {
  verb: 'writeText',
  suffix: '.txt',
  format: { module: own.formats, name: 'text' },
};
export const jsonLinesFormat: PartsFormat = {
  verb: 'writeJsonLines',
  suffix: '.jsonl',
  format: { module: own.formats, name: 'jsonLines' },
};

const csvRules: Readonly<Record<string, Rule>> = {
  header: aBoolean,
  delimiter: aMark(';'),
  quote: aMark(';'),
  columns: ['an array of different names', areNames],
  nulls: ['a text', (value) => typeof value === 'string'],
};

/** Options whose types no longer matter. */
export type Loosely<Options> = Omit<Options, 'partitionBy'> & { readonly partitionBy?: unknown };

/** What is written, and how. */
export interface Writing {
  readonly node: Node;
  readonly action: Action;
}

/** What `writeCsv` does. @throws OptionError */
export function writeCsvAction(node: Node, directory: string, options: Loosely<WriteCsvOptions>): Writing {
  checkWrite('writeCsv', directory, options, csvRules);
  const { header = true, delimiter = ',', quote = '"', nulls = '' } = options;
  if (delimiter === quote) {
    throw new OptionError(`"delimiter" and "quote" are both ${JSON.stringify(quote)}`, 'quote');
  }
  if ([delimiter, quote, '\n', '\r'].some((mark) => nulls.includes(mark))) {
    throw new OptionError('"nulls" would need quotes, and then be no null: choose another text', 'nulls');
  }
  const layout: CsvLayout = { header, delimiter, quote, columns: columnsOf(options), nulls };
  const format = { module: own.formats, name: 'csv', arguments: [layout] };
  return writingOf(node, { verb: 'writeCsv', suffix: '.csv', format }, directory, options);
}

/** The columns that are left when directories have some. @throws OptionError where none is. */
function columnsOf({ columns, partitionBy }: Loosely<WriteCsvOptions>): readonly string[] | undefined {
  if (typeof partitionBy === 'function' || partitionBy === undefined) return columns;
  const left = columns?.filter((name) => !fieldsOf(partitionBy).includes(name));
  if (left?.length !== 0) return left;
  throw new OptionError('partitionBy has all of "columns", and leaves none to write', 'columns');
}

/** What `writeText` and `writeJsonLines` do. @throws OptionError */
export function writeAction(
  node: Node,
  format: PartsFormat,
  directory: string,
  options: Loosely<WriteOptions>,
): Writing {
  checkWrite(format.verb, directory, options);
  if (format.format === textFormat.format && isNamed(options.partitionBy)) {
    throw new OptionError(
      'writeText takes texts, which have no fields to partition by: give a function, as in partitionBy: (line) => ({ first: line[0] })',
      'partitionBy',
    );
  }
  return writingOf(node, format, directory, options);
}

function isNamed(by: unknown): boolean {
  return by !== undefined && typeof by !== 'function';
}

function writingOf(
  node: Node,
  { verb, suffix, format }: PartsFormat,
  directory: string,
  { overwrite = false, gzip = false, extension = suffix, partitionBy, single }: Loosely<WriteOptions>,
): Writing {
  const target = resolve(directory);
  const fn = referModule(verb, format);
  const sink = { kind: 'write', verb, fn, gzip, target, ...partitionOf(verb, partitionBy) } as const;
  const action: Action = {
    sink,
    output: { directory: target, overwrite, suffix: gzip ? `${extension}.gz` : extension },
    finish: ({ value }) => value,
  };
  return { node: single ? inOneRange(node) : node, action };
}

/** Brings all records together in their order, so that one task has them: a stable sort by nothing. */
function inOneRange(node: Node): Node {
  const fn = refer('single', sameKey);
  const shuffle = { kind: 'sort', verb: 'single', fn, descending: false, ranges: 1 } as const;
  return { kind: 'shuffle', inputs: [node], shuffle };
}

function partitionOf(
  verb: string,
  by: unknown,
): { readonly partition?: PlanFunction; readonly partitionedBy?: string } {
  if (by === undefined) return {};
  const given = typeof by === 'function' ? by : fieldsOf(by);
  const module = { module: own.functions, name: 'partitionedBy', arguments: [given] };
  return {
    partition: referModule(`${verb}.partitionBy`, module),
    partitionedBy: partitionInWords(given as readonly string[]),
  };
}

function fieldsOf(by: unknown): readonly string[] {
  return typeof by === 'string' ? [by] : (by as readonly string[]);
}

const rules: Readonly<Record<string, Rule>> = {
  overwrite: aBoolean,
  gzip: aBoolean,
  extension: [
    'a dot and letters or digits, such as ".tsv", and none of compression (which gzip: true adds)',
    // Readers go by the ending.
    (value) => typeof value === 'string' && /^(\.\w+)+$/.test(value) && !/\.(gz|br|zst)$/i.test(value),
  ],
  partitionBy: [
    'the name of a field, an array of different names, or a function of a record',
    (value) => {
      const names: unknown = typeof value === 'string' ? [value] : value;
      return typeof value === 'function' || (areNames(names) && !(names as string[]).includes(''));
    },
  ],
  single: aBoolean,
};

/** Checks without zod, because a child runs this too when it rebuilds a job. @throws OptionError */
function checkWrite(
  verb: string,
  directory: unknown,
  options: object,
  more: Readonly<Record<string, Rule>> = {},
): void {
  checkArgument('dir', directory, [
    'the path of a directory',
    (dir) => typeof dir === 'string' && dir !== '',
  ]);
  checkArguments(verb, options, { ...rules, ...more });
}
