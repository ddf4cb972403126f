import { expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { from, mean, type Dataset, type Plan } from '../../src/index.js';

const pairs = from<[string, number]>([['a', 1]]);
const longest = {
  zero: () => '',
  add: (a: string, n: number) => a + n,
  merge: (a: string, b: string) => a + b,
};

test('an aggregator without finish gives its accumulator', () => {
  const byKey = pairs.aggregateByKey(longest);
  const whole = from([1, 2]).aggregate(longest);
  expectTypeOf(byKey).toEqualTypeOf<Dataset<[string, string]>>();
  expectTypeOf(whole).toEqualTypeOf<Plan<string>>();
  expect(byKey).not.toBe(whole);
});

test('an aggregator with finish gives what finish returns', () => {
  const byKey = pairs.aggregateByKey({ ...longest, finish: (a) => a.length });
  expectTypeOf(byKey).toEqualTypeOf<Dataset<[string, number]>>();
  expectTypeOf(from([1]).aggregate(mean)).toEqualTypeOf<Plan<number>>();
  expect(byKey).toBeDefined();
});
