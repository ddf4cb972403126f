import { types } from 'node:util';
import type { ParquetType } from '../write-options.js';
import { checkOf } from './checked-value.js';

/** What is known of the type of a column or of a part of it; undefined while all values were null. */
export type Known = undefined | string | KnownList | KnownRecord;
interface KnownList {
  readonly item: Known;
}
interface KnownRecord {
  readonly fields: ReadonlyMap<string, Known>;
}

/** The type of a value, by itself. @throws TypeError for one that Parquet has no type for. */
export function typeOf(value: unknown, path: string): Known {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      checkOf(typeof value as 'string')(value, path);
      return typeof value;
    case 'undefined':
      return undefined;
    case 'object':
      return typeOfObject(value, path);
    default:
      throw new TypeError(`${path} is a ${typeof value}, for which Parquet has no type: leave it out`);
  }
}

function typeOfObject(value: object | null, path: string): Known {
  if (value === null) return undefined;
  if (types.isDate(value)) {
    checkOf('date')(value, path);
    return 'date';
  }
  if (types.isUint8Array(value)) return 'bytes';
  if (Array.isArray(value)) {
    return { item: value.reduce<Known>((known, item, i) => united(known, typeOf(item, `${path}[${i}]`), `${path}[${i}]`), undefined) }; // prettier-ignore
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    const name = (prototype.constructor as { name?: string } | undefined)?.name ?? 'object';
    throw new TypeError(`${path} is a ${name}, for which Parquet has no type: map it to plain data first`);
  }
  return {
    fields: new Map(Object.entries(value).map(([name, field]) => [name, typeOf(field, `${path}.${name}`)])),
  };
}

/** What two values of a column have in common. @throws TypeError for values of unlike types. */
export function united(known: Known, other: Known, path: string): Known {
  if (known === undefined || known === other) return other;
  if (other === undefined) return known;
  if (typeof known === 'object' && typeof other === 'object') {
    if ('item' in known && 'item' in other) {
      const item = united(known.item, other.item, `${path}[]`);
      return item === known.item ? known : { item };
    }
    if ('fields' in known && 'fields' in other) return unitedRecords(known, other, path);
  }
  throw new TypeError(
    `${path} is ${named(other)}, and a record before it has ${named(known)}: map them to one type, or say it in columns`,
  );
}

function unitedRecords(known: KnownRecord, other: KnownRecord, path: string): Known {
  const fields = new Map(known.fields);
  for (const [name, type] of other.fields) {
    if (!fields.has(name) && known.fields.size > 0) {
      throw new TypeError(
        `${path}.${name} would be lost: a record before it has other fields; name all of them in columns`,
      );
    }
    fields.set(name, united(fields.get(name), type, `${path}.${name}`));
  }
  return { fields };
}

function named(type: Known): string {
  if (typeof type === 'object') return 'item' in type ? 'a list' : 'a record';
  return type === 'bytes' ? 'bytes' : `a ${type}`;
}

/** Whether all is known of the type of a column. */
export function isKnown(known: Known): boolean {
  if (typeof known !== 'object') return known !== undefined;
  return 'item' in known
    ? isKnown(known.item)
    : known.fields.size > 0 && [...known.fields.values()].every(isKnown);
}

/** The type of a column of which all is known. @throws TypeError where it is not. */
export function asType(known: Known, path: string): ParquetType {
  if (known === undefined) {
    throw new TypeError(
      `${path} is null in all records of a part, so its type is not known: say it in columns`,
    );
  }
  if (typeof known === 'string') return known as ParquetType;
  if ('item' in known) return [asType(known.item, `${path}[]`)];
  if (known.fields.size === 0) {
    throw new TypeError(`${path} is a record without fields, for which Parquet has no type: leave it out`);
  }
  const fields = [...known.fields].map(([name, type]) => [name, asType(type, `${path}.${name}`)] as const);
  return Object.fromEntries(fields);
}
