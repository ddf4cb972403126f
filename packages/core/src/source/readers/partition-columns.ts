import { sep } from 'node:path';
import { suggestName } from '../../checks/nearest-name.js';
import { SourceError } from '../../errors.js';
import type { ColumnType, CsvColumn } from '../csv/csv-format.js';
import { bigintOf, booleanOf, dateOf, typesInWords } from '../csv/field-types.js';
import { slowNumber } from '../csv/number-field.js';

/** The directory of what has no value, as Hive calls it; an empty text is none either. */
export const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

/** The columns that the directories of a file say, in the order in which they are wanted. */
export type PartitionEntries = readonly (readonly [name: string, value: unknown])[];

/** What tells the columns that directories such as `country=de` say of their files. */
export function partitionColumns(columns: readonly CsvColumn[]): (file: string) => PartitionEntries {
  let last: { readonly file: string; readonly entries: PartitionEntries } | undefined;
  return (file) => {
    if (last?.file !== file) last = { file, entries: entriesOf(file, columns) };
    return last.entries;
  };
}

/** @throws SourceError for a column that no directory of the file has, and for a value of another type. */
function entriesOf(file: string, columns: readonly CsvColumn[]): PartitionEntries {
  const texts = new Map<string, string>();
  // Those nearest to the file count.
  for (const directory of directoriesOf(file)) {
    const at = directory.indexOf('=');
    if (at > 0) texts.set(unescaped(directory.slice(0, at)), directory.slice(at + 1));
  }
  return columns.map(({ name, type }) => {
    const text = texts.get(name);
    if (text !== undefined) return [name, valueOf(unescaped(text), type, { file, name })] as const;
    const hint =
      texts.size === 0
        ? 'its path has no directory such as country=de'
        : suggestName(name, [...texts.keys()]);
    throw new SourceError(
      `${file} is in no directory of ${JSON.stringify(name)}, a column of partitionedBy: ${hint}`,
      { file },
    );
  });
}

function directoriesOf(file: string): string[] {
  return file.split(sep === '\\' ? /[\\/]/ : sep).slice(0, -1);
}

/** Whoever writes such directories escapes bytes of UTF-8, or characters of ASCII only. */
function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  }
}

function valueOf(
  text: string,
  type: ColumnType,
  { file, name }: { readonly file: string; readonly name: string },
): unknown {
  if (text === NO_VALUE || text === '') return null;
  const value = read(text, type);
  if (value !== undefined) return value;
  throw new SourceError(
    `${file} is in the directory ${JSON.stringify(`${name}=${text}`)}, which is not ${typesInWords[type]}: give the column another type in partitionedBy`,
    { file },
  );
}

function read(text: string, type: ColumnType): unknown {
  switch (type) {
    case 'string':
      return text;
    case 'number':
      return slowNumber(text, '.');
    case 'bigint':
      return bigintOf(text);
    case 'boolean':
      return booleanOf(text);
    case 'date':
      return dateOf(text);
  }
}

/** Gives a row of its own the columns of its file; one of the same name is replaced. */
export function addColumns(row: object, entries: PartitionEntries): object {
  for (const [name, value] of entries) {
    // To assign this one would change the prototype.
    if (name !== '__proto__') (row as Record<string, unknown>)[name] = value;
    else Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return row;
}
