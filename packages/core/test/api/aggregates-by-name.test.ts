import { expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import {
  collect,
  count,
  countDistinct,
  first,
  from,
  histogram,
  max,
  mean,
  mode,
  OptionError,
  quantile,
  stddev,
  sum,
  topN,
  toSet,
  type Dataset,
  type Plan,
} from '../../src/index.js';

interface Row {
  readonly country: string;
  readonly amount: number;
  readonly user: string | null;
  readonly at: Date;
}
const rows = from<Row>([]);

it('types results by name', () => {
  const plan = rows.aggregate({
    n: count,
    named: count('user'),
    mean: mean('amount'),
    ratio: mean((row) => row.amount / row.country.length),
    worst: max('amount'),
    p95: quantile('amount', 0.95),
    half: quantile((row) => row.amount, 0.5, { error: 0.1 }),
    users: countDistinct('user'),
    exact: sum('amount', { bigint: true }),
    total: sum('amount'),
    ages: histogram('amount', [0, 1]),
    user: first('user'),
    usual: mode('country'),
    all: collect('at'),
    set: toSet('user'),
    best: topN(3, (row: Row) => row.amount),
    own: {
      zero: () => '',
      add: (text: string, row: Row) => text + row.country,
      merge: (a: string, b: string) => a + b,
    },
  });
  expectTypeOf(plan).toEqualTypeOf<
    Plan<{
      n: number;
      named: number;
      mean: number;
      ratio: number;
      worst: number;
      p95: number;
      half: number;
      users: number;
      exact: bigint;
      total: number;
      ages: number[];
      user: string | undefined;
      usual: string | undefined;
      all: Date[];
      set: Set<string>;
      best: Row[];
      own: string;
    }>
  >();
  const grouped = rows.groupBy('country').aggregate({ n: count, spread: stddev('amount') });
  expectTypeOf(grouped).toEqualTypeOf<Dataset<[string, { n: number; spread: number }]>>();
  expectTypeOf(rows.groupBy(({ at }) => at.getTime()).aggregate(count)).toEqualTypeOf<
    Dataset<[number, number]>
  >();
  const keyed = rows.keyBy(({ country }) => country).aggregateByKey({ mean: mean('amount') });
  expectTypeOf(keyed).toEqualTypeOf<Dataset<[string, { mean: number }]>>();
  expectTypeOf(from([1, 2, null]).aggregate(mean)).toEqualTypeOf<Plan<number>>();
  expectTypeOf(from([1, 2]).aggregate(first)).toEqualTypeOf<Plan<number | undefined>>();
  expectTypeOf(from([1, 2]).aggregate(toSet)).toEqualTypeOf<Plan<Set<number>>>();
  // @ts-expect-error There is no such field.
  rows.groupBy('town');
  // @ts-expect-error The field has texts.
  rows.aggregate({ mean: mean('country') });
  // @ts-expect-error There is no such field.
  rows.aggregate({ mean: mean('amuont') });
  expect(plan).toBeDefined();
});

it.each<[string, () => unknown, string, RegExp]>([
  ['no aggregators', () => rows.aggregate({}), 'aggregate', /^Expected aggregate to be given an aggregator, or an object of them such as { n: count/],
  ['something else', () => rows.aggregate(5 as never), 'aggregate', /got 5 \(number\)$/],
  ['an aggregator by name that is none', () => rows.aggregate({ n: 1 as never }), 'aggregate.n', /^Expected "aggregate.n" to be an aggregator, such as count or mean\('amount'\), got 1/],
  ['a function by name', () => rows.keyBy((row) => row.country).aggregateByKey({ n: (() => 1) as never }), 'aggregateByKey.n', /an aggregator, such as count/],
  ['no field', () => mean(undefined as never), 'field', /^Expected "field" to be the name of a field, or a function of a record, got undefined$/],
  ['a part of more than one', () => quantile('amount', 95), 'p', /^Expected "p" to be a number from 0 to 1, got 95/],
  ['an error of nothing', () => quantile(0.5, { error: 0 }), 'error', /^Expected "error" to be a number above 0 and below 1/],
  ['another option of sum', () => sum('amount', { bigInt: true } as never), 'bigInt', /^Unknown option "bigInt" of sum: did you mean "bigint"\?/],
  ['several fields as a key', () => rows.groupBy(['country', 'amount'] as never), 'groupBy', /as in groupBy\(\(row\) => \[row\.year, row\.month\]\)$/],
  ['no key', () => rows.groupBy(undefined as never), 'groupBy', /^Expected groupBy to be given a function/],
])('refuses %s', (_, call, option, message) => {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).message).toMatch(message);
    expect((error as OptionError).option).toBe(option);
    return;
  }
  throw new Error('Nothing was thrown');
}); // prettier-ignore
