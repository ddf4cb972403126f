import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { aBoolean, checkArgument, checkArguments, type Rule } from '../checks/check-arguments.js';
import { own, type ModuleRef } from '../module-ref.js';
import type { Action } from '../plan/action.js';
import { referModule } from '../plan/function-ref.js';
import type { CsvLayout } from '../task/sinks/csv-part.js';

/** How `writeText`, `writeJsonLines` and `writeCsv` write. */
export interface WriteOptions {
  /** Replaces an earlier output; it stays as it is until the new one is complete. @default false */
  readonly overwrite?: boolean;
  /** Compresses every part; its name then ends in `.gz`. @default false */
  readonly gzip?: boolean;
  /** What the names of parts end in, before `.gz`, such as `.tsv`. @default `.txt`, `.jsonl` or `.csv` */
  readonly extension?: string;
}

/** How `writeCsv` writes. */
export interface WriteCsvOptions extends WriteOptions {
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

const aMark: Rule = [
  'one character of ASCII that is no letter, digit, dot or sign, such as ";"',
  (value) => typeof value === 'string' && /^[\t -~]$/.test(value) && !/[\w.+-]/.test(value),
];

const csvRules: Readonly<Record<string, Rule>> = {
  header: aBoolean,
  delimiter: aMark,
  quote: aMark,
  columns: [
    'an array of different names',
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((name) => typeof name === 'string') &&
      new Set(value).size === value.length,
  ],
  nulls: ['a text', (value) => typeof value === 'string'],
};

/** What `writeCsv` does. @throws OptionError */
export function writeCsvAction(directory: string, options: WriteCsvOptions): Action {
  checkWrite('writeCsv', directory, options, csvRules);
  const { header = true, delimiter = ',', quote = '"', columns, nulls = '' } = options;
  if (delimiter === quote) {
    throw new OptionError(`"delimiter" and "quote" are both ${JSON.stringify(quote)}`, 'quote');
  }
  if ([delimiter, quote, '\n', '\r'].some((mark) => nulls.includes(mark))) {
    throw new OptionError('"nulls" would need quotes, and then be no null: choose another text', 'nulls');
  }
  const layout: CsvLayout = { header, delimiter, quote, columns, nulls };
  const format = { module: own.formats, name: 'csv', arguments: [layout] };
  return actionOf({ verb: 'writeCsv', suffix: '.csv', format }, directory, options);
}

/** What `writeText` and `writeJsonLines` do. @throws OptionError */
export function writeAction(format: PartsFormat, directory: string, options: WriteOptions): Action {
  checkWrite(format.verb, directory, options);
  return actionOf(format, directory, options);
}

function actionOf(
  { verb, suffix, format }: PartsFormat,
  directory: string,
  { overwrite = false, gzip = false, extension = suffix }: WriteOptions,
): Action {
  const target = resolve(directory);
  const fn = referModule(verb, format);
  return {
    sink: { kind: 'write', verb, fn, gzip, target },
    output: { directory: target, overwrite, suffix: gzip ? `${extension}.gz` : extension },
    finish: ({ value }) => value,
  };
}

const rules: Readonly<Record<string, Rule>> = {
  overwrite: aBoolean,
  gzip: aBoolean,
  extension: [
    'a dot and letters or digits, such as ".tsv"',
    (value) => typeof value === 'string' && /^(\.\w+)+$/.test(value),
  ],
};

// Checked without zod, because a child runs this too when it rebuilds a job.
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
