import { types } from 'node:util';
import { hasInsides } from '../kind.js';
import { reasonAgainst } from '../refusal-reason.js';

/** Records of one shape: names in order, and the values of each name. */
export interface Parts {
  readonly names: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

export type PlainRecord = Readonly<Record<string, unknown>>;

/** More names make V8 keep an object as a dictionary. */
const MAX_NAMES = 128;

/**
 * Undefined unless all are plain objects with the same names in the same order. No getter is called for an answer that
 * the first record can give.
 */
export function toParts(records: readonly PlainRecord[]): Parts | undefined {
  const first = records[0]!;
  const names = Object.keys(first);
  if (!canBeAdded(names) || !hasOnlyValues(first, names) || hasInsides(first)) return undefined;
  const values = names.map(() => new Array<unknown>(records.length));
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i]!;
    if (types.isProxy(record) || Object.getPrototypeOf(record) !== Object.prototype) return undefined;
    let place = 0;
    // for-in runs on V8's cache of a shape's keys and allocates nothing.
    for (const name in record) {
      if (name !== names[place]) return undefined;
      values[place]![i] = record[name];
      place += 1;
    }
    if (place !== names.length || Object.getOwnPropertySymbols(record).length > 0) return undefined;
    if (place === 0 && !isEmpty(record)) return undefined;
  }
  return { names, values };
}

export function fromParts(count: number, { names, values }: Parts): object[] {
  const records = new Array<object>(count);
  for (let i = 0; i < count; i += 1) records[i] = {};
  names.forEach((name, place) => {
    // An assignment would call a setter that someone put there, and fails where it is frozen.
    const add = name in Object.prototype ? define : adders[place % adders.length]!;
    add(records as Record<string, unknown>[], name, values[place]!);
  });
  return records;
}

/** Whether names come in this order again when one is added after the other. */
function canBeAdded(names: readonly string[]): boolean {
  return names.length <= MAX_NAMES && names.every((name) => name !== '__proto__' && !/^\d+$/.test(name));
}

function hasOnlyValues(record: PlainRecord, names: readonly string[]): boolean {
  return names.every((name) => 'value' in (Object.getOwnPropertyDescriptor(record, name) ?? {}));
}

/** Whether an object without names that inherits from `Object.prototype` is nothing else, such as a `Map`. */
function isEmpty(value: object): boolean {
  return !hasInsides(value) && reasonAgainst(value, 'pass') === undefined;
}

type Add = (records: Record<string, unknown>[], name: string, values: readonly unknown[]) => void;

// V8 compiles an assignment for the name and the shapes that it has met at this place in the code. With a place for
// each name, records of one shape are made four times as fast as with one for all.
const adders: readonly Add[] = [
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
  (records, name, values) => {
    for (let i = 0; i < records.length; i += 1) records[i]![name] = values[i];
  },
];

const define: Add = (records, name, values) => {
  records.forEach((record, i) => {
    const value = values[i];
    Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
  });
};
