import { types } from 'node:util';
import { valueText } from '../fold/value-text.js';
import { own, portable } from '../module-ref.js';
import { partitionedBy } from './partition-by.js';

/** The values that two datasets have for a key. */
type CoGroup = readonly [key: unknown, groups: readonly [left: Iterable<unknown>, right: Iterable<unknown>]];
type Entry = readonly [key: unknown, value: unknown];

/** Makes a function that a child finds by its name in the table below, and makes of the same arguments. */
function found<F extends object>(name: string, fn: F, ...given: readonly unknown[]): F {
  return portable(fn, { module: own.functions, name, ...(given.length > 0 && { arguments: given }) });
}

/** The pairs of a key that the other side has. */
export const semiJoined = found('semiJoined', function* ([key, [left, right]]: CoGroup): Generator<Entry> {
  for (const _ of right) {
    for (const value of left) yield [key, value];
    return;
  }
});

/** The pairs of a key that the other side does not have. */
export const antiJoined = found('antiJoined', function* ([key, [left, right]]: CoGroup): Generator<Entry> {
  for (const _ of right) return;
  for (const value of left) yield [key, value];
});

/** A key that all records have: to sort by it brings them together in their order. */
export const sameKey = found('sameKey', (): number => 0);

/** Puts all records under one key. */
export const underOneKey = found('underOneKey', (record: unknown): Entry => [0, record]);

/** The list that is the value of a pair. */
export const listOf = found(
  'listOf',
  ([, list]: readonly [unknown, readonly unknown[]]): readonly unknown[] => list,
);

/** Makes arrays of so many records, the last one of which may have fewer. */
export function batchesOf(size: number): (records: Iterable<unknown>) => Iterable<unknown[]> {
  function* batches(records: Iterable<unknown>): Generator<unknown[]> {
    let batch: unknown[] = [];
    for (const record of records) {
      if (batch.push(record) < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
  return found('batchesOf', batches, size);
}

/** Joins each pair with the values that a small side has for its key. */
export function joinedWith(side: readonly Entry[]): (pair: Entry) => Iterable<unknown> {
  const values = new Map<string, unknown[]>();
  for (const [key, value] of side) {
    const text = keyText(key);
    const known = values.get(text);
    if (known === undefined) values.set(text, [value]);
    else known.push(value);
  }
  const joined = ([key, left]: Entry): Iterable<unknown> =>
    (values.get(keyText(key)) ?? []).map((right) => [key, [left, right]]);
  return found('joinedWith', joined, side);
}

/** Whether a key is one that `joinedWith` can look up. */
export function isSideKey(key: unknown): boolean {
  const isPrimitive =
    (typeof key !== 'object' && typeof key !== 'symbol' && typeof key !== 'function') || key === null;
  return isPrimitive || types.isDate(key);
}

function keyText(key: unknown): string {
  return key === null || key === undefined ? String(key) : valueText('broadcastJoin', key);
}

/** What a child makes functions of the library's own verbs of. */
export const ownFunctions = {
  semiJoined,
  antiJoined,
  sameKey,
  underOneKey,
  listOf,
  batchesOf,
  joinedWith,
  partitionedBy,
} as const;
