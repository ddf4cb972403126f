import type { Aggregator } from './aggregator.js';
import { fieldAggregator, type Nothing, type Value, type WithField } from './by-field.js';
import type { OfValues } from './results-of-fields.js';
import { valueText } from './value-text.js';
import type { Distinct } from './count-distinct.js';

/** An aggregator that gives one of the values that it meets. */
export interface PickingAggregator<V, A> extends Aggregator<V | Nothing, A, OfValues<'one'>> {
  /** @throws OptionError for what is no name and no function. */
  <K extends string>(field: K): Aggregator<WithField<K, V>, A, OfValues<'one', K>>;
  /** @throws OptionError for what is no name and no function. */
  <T, W extends V | Nothing>(value: (record: T) => W): Aggregator<T, A, NonNullable<W> | undefined>;
}

/** The accumulator of `first` and `last`: nothing, or a value. */
export type Picked = [] | [value: unknown];

/**
 * The first value, in input order, that is neither null nor undefined; undefined of nothing.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(first('city')).run(); // -> 'Bonn'
 */
export const first: PickingAggregator<unknown, Picked> = fieldAggregator<Value | undefined, Picked, unknown>(
  'first',
  {
    zero: (): Picked => [],
    add: (picked, value) => (picked.length === 0 && value !== undefined ? [value] : picked),
    merge: (left, right) => (left.length === 0 ? right : left),
    finish: ([value]) => value,
  },
) as never;

/**
 * The last value, in input order, that is neither null nor undefined; undefined of nothing.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(last('age')).run(); // -> 70
 */
export const last: PickingAggregator<unknown, Picked> = fieldAggregator<Value | undefined, Picked, unknown>(
  'last',
  {
    zero: (): Picked => [],
    add: (picked, value) => (value === undefined ? picked : [value]),
    merge: (left, right) => (right.length === 0 ? left : right),
    finish: ([value]) => value,
  },
) as never;

/** The aggregator `collect`. */
export interface CollectAggregator extends Aggregator<unknown, unknown[], OfValues<'list'>> {
  /** @throws OptionError for what is no name and no function. */
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- it has the field K
  <K extends string>(field: K): Aggregator<WithField<K, Value>, unknown[], OfValues<'list', K>>;
  /** @throws OptionError for what is no name and no function. */
  <T, V>(value: (record: T) => V): Aggregator<T, NonNullable<V>[]>;
}

/**
 * All values that are neither null nor undefined, in input order. They must fit in memory.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.groupBy('city').aggregate(collect('age')).toMap().run(); // -> Map(2) { 'Bonn' => [ 31, 70 ], 'Hull' => [ 4 ] }
 */
export const collect: CollectAggregator = fieldAggregator<Value | undefined, unknown[]>('collect', {
  zero: () => [],
  add(list, value) {
    if (value !== undefined) list.push(value);
    return list;
  },
  merge(left, right) {
    for (const value of right) left.push(value);
    return left;
  },
}) as never;

/** The accumulator of `mode`: how often each value was met. */
export type Counts = Map<string, [value: Distinct, count: number]>;

/**
 * The value that is met most often, the first of those that are; undefined of nothing. Values are texts, numbers, bigints, booleans
 * and Dates, compared as keys are; all different ones must fit in memory. Null is skipped.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(mode('city')).run(); // -> 'Bonn'
 */
export const mode: PickingAggregator<Distinct, Counts> = fieldAggregator('mode', {
  zero: (): Counts => new Map(),
  add: (counts: Counts, value: Distinct) => raise(counts, valueText('mode', value), value, 1),
  merge(left: Counts, right: Counts) {
    for (const [text, [value, n]] of right) raise(left, text, value, n);
    return left;
  },
  finish(counts: Counts) {
    let best: [value: Distinct | undefined, count: number] = [undefined, 0];
    for (const each of counts.values()) if (each[1] > best[1]) best = each;
    return best[0];
  },
}) as never;

function raise(counts: Counts, text: string, value: Distinct, by: number): Counts {
  const known = counts.get(text);
  if (known === undefined) counts.set(text, [value, by]);
  else known[1] += by;
  return counts;
}
