import { types } from 'node:util';
import type { ParquetType } from '../write-options.js';

/** Checks a value, and gives it as it is written, and how many bytes of text it is about. */
export type Check = (value: unknown, path: string) => unknown;

const DAY = 86_400_000;

/** What checks the values of a type. What it throws starts with the path of the value. */
export function checkOf(type: ParquetType): Check {
  const check = checkFor(type);
  return (value, path) => (value === null || value === undefined ? null : check(value, path));
}

function checkFor(type: ParquetType): Check {
  if (typeof type === 'string') return checks[type];
  if (Array.isArray(type)) {
    const item = checkOf((type as readonly [ParquetType])[0]);
    return (value, path) => {
      if (!Array.isArray(value)) throw wrong(path, value, 'a list');
      return value.map((each, i) => item(each, `${path}[${i}]`));
    };
  }
  const fields = Object.entries(type).map(([name, field]) => [name, checkOf(field)] as const);
  const names = new Set(Object.keys(type));
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(path, value, 'a record');
    checkNames(value, names, path);
    const record = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(fields.map(([name, check]) => [name, check(record[name], `${path}.${name}`)]));
  };
}

/** @throws TypeError for a key that would be lost. */
export function checkNames(record: object, names: ReadonlySet<string>, path: string): void {
  for (const name of Object.keys(record)) {
    if (names.has(name)) continue;
    throw new TypeError(
      `${path}.${name} would be lost: the columns are ${[...names].join(', ')}; name all of them in columns`,
    );
  }
}

const checks: Readonly<Record<Extract<ParquetType, string>, Check>> = {
  string(value, path) {
    if (typeof value !== 'string') throw wrong(path, value, 'a string');
    if ((value as string & { isWellFormed(): boolean }).isWellFormed()) return value;
    throw new TypeError(
      `${path} holds a lone surrogate, which UTF-8 cannot write: map it with toWellFormed()`,
    );
  },
  number(value, path) {
    if (typeof value !== 'number') throw wrong(path, value, 'a number');
    return value;
  },
  float(value, path) {
    if (typeof value !== 'number') throw wrong(path, value, 'a number');
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) throw wrong(path, value, "a number of 32 bits: write it as 'number'"); // prettier-ignore
    return value;
  },
  int32(value, path) {
    if (typeof value !== 'number' || (value | 0) !== value || Object.is(value, -0)) throw wrong(path, value, 'an integer of 32 bits'); // prettier-ignore
    return value;
  },
  bigint(value, path) {
    if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0))
      return BigInt(value);
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) throw wrong(path, value, 'an integer of 64 bits'); // prettier-ignore
    return value;
  },
  boolean(value, path) {
    if (typeof value !== 'boolean') throw wrong(path, value, 'a boolean');
    return value;
  },
  date: (value, path) => BigInt(millisOf(value, path)),
  day(value, path) {
    const millis = millisOf(value, path);
    if (millis % DAY === 0) return millis / DAY;
    const given = new Date(millis).toISOString();
    throw new TypeError(
      `${path} is ${given}, which has a time of day: write it as 'date', or set it to midnight UTC`,
    );
  },
  bytes(value, path) {
    if (!types.isUint8Array(value)) throw wrong(path, value, 'a Uint8Array');
    // hyparquet-writer knows those of its own realm.
    return value instanceof Uint8Array ? value : Uint8Array.from(value as Uint8Array);
  },
};

function millisOf(value: unknown, path: string): number {
  if (!types.isDate(value)) throw wrong(path, value, 'a Date');
  if (Number.isNaN(value.getTime())) throw new TypeError(`${path} is an invalid Date, which is no point in time: write null, or leave the record out`); // prettier-ignore
  return value.getTime();
}

function wrong(path: string, value: unknown, what: string): TypeError {
  const given =
    typeof value === 'object'
      ? Object.prototype.toString.call(value).slice(8, -1)
      : `${scalar(value)} (${typeof value})`;
  return new TypeError(`${path} is ${given.slice(0, 200)}, and its column takes ${what}`);
}

function scalar(value: unknown): string {
  if (typeof value === 'symbol' || typeof value === 'function') return 'something';
  return Object.is(value, -0) ? '-0' : String(value);
}
