import type { Aggregator } from './aggregator.js';
import { aNumber } from './a-number.js';
import {
  fieldAggregator,
  ofField,
  type FieldAggregator,
  type FieldOf,
  type Nothing,
  type Value,
  type WithField,
} from './by-field.js';
import { readyMade } from './ready-made.js';
import { aBoolean, checkArguments } from '../checks/check-arguments.js';
import { show } from '../checks/wrong-argument.js';
import type { OfValues, SetOfRecords } from './results-of-fields.js';

/** What `sum` can be called with, besides a field or a function. */
export interface SumOptions {
  /** Whether the sum is a bigint: exact, however large, of integers alone, numbers or bigints. @default false */
  readonly bigint?: boolean;
}

/** The aggregator `sum`. */
export interface SumAggregator extends FieldAggregator<number, number> {
  /** @throws OptionError for what is no name and no function. */
  <K extends string>(
    field: K,
    options: { readonly bigint: true },
  ): Aggregator<WithField<K, number | bigint>, bigint>;
  /** @throws OptionError for what is no name and no function. */
  <T>(
    value: (record: T) => number | bigint | Nothing,
    options: { readonly bigint: true },
  ): Aggregator<T, bigint>;
  /** @throws OptionError for what is no name and no function. */
  <K extends string>(field: K, options?: SumOptions): Aggregator<WithField<K, number>, number>;
  /** @throws OptionError for what is no name and no function. */
  <T>(value: (record: T) => number | Nothing, options?: SumOptions): Aggregator<T, number>;
}

const total: Aggregator<number, number> = {
  zero: () => 0,
  add: (sum, value) => sum + aNumber('sum', value),
  merge: (left, right) => left + right,
};

const exactTotal: Aggregator<number | bigint, bigint> = {
  zero: () => 0n,
  add(sum, value) {
    if (typeof value === 'bigint' || Number.isInteger(value)) return sum + BigInt(value);
    throw new TypeError(`sum as a bigint takes integers, got ${show(value)}: round it first`);
  },
  merge: (left, right) => left + right,
};

/**
 * The sum of numbers; 0 of nothing. For a sum that rounds less, use `reduce`, which folds as a balanced tree; for integers
 * beyond 2 ** 53 `sum('bytes', { bigint: true })`, a bigint. Null is skipped.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(sum('age')).run(); // -> 105
 * await from([1, 2, 3]).aggregate(sum).run(); // -> 6
 */
export const sum: SumAggregator = sumAggregator();

function sumAggregator(): SumAggregator {
  const plain = fieldAggregator('sum', total);
  const called = (of: FieldOf<never, number>, options: SumOptions = {}): Aggregator<never, unknown> => {
    checkArguments('sum', options, { bigint: aBoolean });
    if (options.bigint !== true) return (plain as (given: unknown) => Aggregator<never, unknown>)(of);
    return readyMade('sum', ofField(exactTotal, of as FieldOf<never, number | bigint>), [
      of,
      { bigint: true },
    ]);
  };
  const { zero, add, merge } = plain;
  Object.defineProperty(called, 'name', { value: 'sum' });
  return readyMade('sum', Object.assign(called, { zero, add, merge })) as unknown as SumAggregator;
}

/**
 * The number of records; called with a field or a function, of those for which it is neither null nor undefined.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate({ n: count, adults: count((row) => (row.age >= 18 ? 1 : null)) }).run(); // -> { adults: 2, n: 3 }
 */
export const count: CountAggregator = countAggregator();

/** The aggregator `count`. */
export interface CountAggregator extends Aggregator<unknown, number> {
  /** @throws OptionError for what is no name and no function. */
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- it has the field K
  <K extends string>(field: K): Aggregator<WithField<K, Value>, number>;
  /** @throws OptionError for what is no name and no function. */
  <T>(value: (record: T) => unknown): Aggregator<T, number>;
}

function countAggregator(): CountAggregator {
  const counting: Aggregator<unknown, number> = {
    zero: () => 0,
    add: (number) => number + 1,
    merge: (left, right) => left + right,
  };
  const called = fieldAggregator<Value, number>('count', counting);
  // Records that are null are records.
  return readyMade('count', Object.assign(called, counting));
}

/**
 * The smallest number; `Infinity` of nothing. NaN, once met, stays. Null is skipped.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(min('age')).run(); // -> 4
 */
export const min: FieldAggregator<number, number> = fieldAggregator('min', {
  zero: () => Infinity,
  add: (least: number, value: number) => Math.min(least, aNumber('min', value)),
  merge: (left: number, right: number) => Math.min(left, right),
});

/**
 * The largest number; `-Infinity` of nothing. NaN, once met, stays. Null is skipped.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(max('age')).run(); // -> 70
 */
export const max: FieldAggregator<number, number> = fieldAggregator('max', {
  zero: () => -Infinity,
  add: (most: number, value: number) => Math.max(most, aNumber('max', value)),
  merge: (left: number, right: number) => Math.max(left, right),
});

/** The accumulator of `mean`, `variance` and `stddev`. */
export interface Moments {
  /** How many numbers were met. */
  n: number;
  /** Their mean. */
  mean: number;
  /** The sum of the squares of their distances from the mean. */
  m2: number;
}

const moments = (name: string) => ({
  zero: (): Moments => ({ n: 0, mean: 0, m2: 0 }),
  add(a: Moments, value: number): Moments {
    const delta = aNumber(name, value) - a.mean;
    a.n += 1;
    a.mean += delta / a.n;
    a.m2 += delta * (value - a.mean);
    return a;
  },
  merge(a: Moments, b: Moments): Moments {
    if (a.n === 0 || b.n === 0) return a.n === 0 ? b : a;
    const n = a.n + b.n;
    const delta = b.mean - a.mean;
    return { n, mean: a.mean + (delta * b.n) / n, m2: a.m2 + b.m2 + (delta * delta * a.n * b.n) / n };
  },
});

/**
 * The arithmetic mean; NaN of nothing. Welford's method, merged as by Chan, Golub and LeVeque. Null is skipped.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(mean('age')).run(); // -> 35
 */
export const mean: FieldAggregator<number, Moments, number> = fieldAggregator('mean', {
  ...moments('mean'),
  finish: ({ n, mean }: Moments) => (n === 0 ? NaN : mean),
});

/**
 * The population variance; NaN of nothing. As `mean` otherwise.
 *
 * @example
 * await from([2, 4, 6, 8]).aggregate(variance).run(); // -> 5
 */
export const variance: FieldAggregator<number, Moments, number> = fieldAggregator('variance', {
  ...moments('variance'),
  finish: ({ n, m2 }: Moments) => (n === 0 ? NaN : m2 / n),
});

/**
 * The population standard deviation, the root of `variance`; NaN of nothing. As `mean` otherwise.
 *
 * @example
 * await from([2, 4, 4, 4, 5, 5, 7, 9]).aggregate(stddev).run(); // -> 2
 */
export const stddev: FieldAggregator<number, Moments, number> = fieldAggregator('stddev', {
  ...moments('stddev'),
  finish: ({ n, m2 }: Moments) => (n === 0 ? NaN : Math.sqrt(m2 / n)),
});

/** The aggregator `toSet`. */
export interface SetAggregator extends Aggregator<unknown, Set<unknown>, SetOfRecords> {
  /** @throws OptionError for what is no name and no function. */
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- it has the field K
  <K extends string>(field: K): Aggregator<WithField<K, Value>, Set<unknown>, OfValues<'set', K>>;
  /** @throws OptionError for what is no name and no function. */
  <T, V>(value: (record: T) => V): Aggregator<T, Set<NonNullable<V>>, Set<NonNullable<V>>>;
}

/**
 * The distinct records, compared as a `Set` does, in input order; called with a field or a function, the distinct values of
 * that, but for null and undefined.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(toSet('city')).run(); // -> Set(2) { 'Bonn', 'Hull' }
 */
export const toSet: SetAggregator = setAggregator();

function setAggregator(): SetAggregator {
  const gathering: Aggregator<unknown, Set<unknown>> = {
    zero: () => new Set<unknown>(),
    add: (set, value) => set.add(value),
    merge(left, right) {
      for (const value of right) left.add(value);
      return left;
    },
  };
  const called = fieldAggregator<Value, Set<unknown>>('toSet', gathering);
  return readyMade('toSet', Object.assign(called, gathering)) as unknown as SetAggregator;
}
