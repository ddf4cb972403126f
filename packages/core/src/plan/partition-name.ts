import { types } from 'node:util';
import { NO_VALUE } from '../source/readers/partition-columns.js';
import { preview } from '../values/preview.js';

/** A value that a directory may be named after. */
export type PartitionValue = string | number | bigint | boolean | Date | null | undefined;

/** Bytes of a name that all file systems allow. */
const LONGEST = 255;

/** The characters that Hive escapes in the name of a directory, and NUL. */
const special = /[\0-\x1f"#%'*/:=?\\\x7f{[\]^]/g;

/** The name of the directory of a value, as Hive writes it: `country=de`. @throws TypeError for what has no name. */
export function partitionName(column: string, value: unknown): string {
  const text = textOf(column, value);
  if (text === NO_VALUE) {
    throw new TypeError(`${column} is ${preview(text, 80)}, which stands for no value in a directory's name`);
  }
  const name = `${escaped(column)}=${text === '' ? NO_VALUE : escaped(text)}`;
  if (!(name as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new TypeError(`${column} holds a lone surrogate, which no directory can be named after`);
  }
  if (Buffer.byteLength(name) <= LONGEST) return name;
  throw new TypeError(
    `${column} is ${preview(value, 80)}, and a directory's name has at most ${LONGEST} bytes: partition by something shorter`,
  );
}

function textOf(column: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '';
    default:
      if (value === null) return '';
      if (types.isDate(value) && !Number.isNaN(value.getTime())) return value.toISOString();
      throw new TypeError(
        `${column} is ${preview(value, 80)}, after which no directory can be named: give a text, a number, a bigint, a boolean or a Date`,
      );
  }
}

function escaped(text: string): string {
  return text.replace(special, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
