/** Types, checked by `npm run check:types`: jest sees none of them and only makes sure that the descriptions can be made. */
import { describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { from, range, sum, type Dataset, type Plan } from '@forkfold/core';

const lines = from(['a b', 'c']);
const parse = (text: string): { n: number } => JSON.parse(text) as { n: number };

describe('an array of two that a function writes', () => {
  it('is a pair where a pair is needed', () => {
    expectTypeOf(lines.map((line) => [line, 1]).reduceByKey((a, b) => a + b)).toEqualTypeOf<
      Dataset<[string, number]>
    >();
    expectTypeOf(lines.map((line) => [line, 1]).aggregateByKey(sum)).toEqualTypeOf<
      Dataset<[string, number]>
    >();
    expectTypeOf(lines.map((line) => [line.length, { line }]).groupByKey()).toEqualTypeOf<
      Dataset<[number, Iterable<{ line: string }>]>
    >();
    const left = lines.map((line) => [line, 1]);
    const right = lines.map((line) => [line, new Date(0)]);
    expectTypeOf(left.join(right)).toEqualTypeOf<Dataset<[string, [number, Date]]>>();
    expectTypeOf(left.mapValues((n) => n > 0)).toEqualTypeOf<Dataset<[string, boolean]>>();
    expectTypeOf(lines.map((line) => (line === '' ? [line, 0] : [line, 1])).countByKey()).toEqualTypeOf<
      Dataset<[string, number]>
    >();
  });

  it('is one in flatMap, mapAsync and mapPartitions', () => {
    expectTypeOf(lines.flatMap((line) => [[line, 1]]).countByKey()).toEqualTypeOf<
      Dataset<[string, number]>
    >();
    expectTypeOf(
      lines.flatMap((line) => line.split(' ').map((word) => [word, 1])).reduceByKey((a, b) => a + b),
    ).toEqualTypeOf<Dataset<[string, number]>>();
    expectTypeOf(lines.mapAsync(async (line) => [await Promise.resolve(line), 1]).countByKey()).toEqualTypeOf<
      Dataset<[string, number]>
    >();
    expectTypeOf(
      lines
        .mapPartitions(function* (given) {
          for (const line of given) yield [line, 1];
        })
        .countByKey(),
    ).toEqualTypeOf<Dataset<[string, number]>>();
  });

  it('is as before where it is written as const, or longer', () => {
    expectTypeOf(lines.map((line) => [line, 1] as const)).toEqualTypeOf<Dataset<readonly [string, 1]>>();
    const three: Dataset<string[]> = lines.map((line) => [line, line, line]);
    expect(three).toBeDefined();
    const joined = lines.map((line) => [line]).reduce((a, b) => [...a, ...b]);
    expectTypeOf(joined).toEqualTypeOf<Plan<string[]>>();
    expectTypeOf(lines.map((line) => [line]).reduce((a, b) => a.concat(b))).toEqualTypeOf<Plan<string[]>>();
    expectTypeOf(lines.map((line) => [line])).toEqualTypeOf<Dataset<string[]>>();
    expectTypeOf(lines.map((line) => line.split(' '))).toEqualTypeOf<Dataset<string[]>>();
    expectTypeOf(lines.flatMap((line) => line.split(' '))).toEqualTypeOf<Dataset<string>>();
  });
});

it('what a function gives is as before otherwise', () => {
  expectTypeOf(lines.map((line) => JSON.parse(line))).toEqualTypeOf<Dataset<any>>();
  expectTypeOf(lines.map((line) => JSON.parse(line) as unknown)).toEqualTypeOf<Dataset<unknown>>();
  expectTypeOf(lines.map(parse)).toEqualTypeOf<Dataset<{ n: number }>>();
  expectTypeOf(lines.map((line) => line.length)).toEqualTypeOf<Dataset<number>>();
  expectTypeOf(lines.map((line) => ({ line, kind: 'a' }))).toEqualTypeOf<
    Dataset<{ line: string; kind: string }>
  >();
  expectTypeOf(lines.map((line) => (line === '' ? undefined : line))).toEqualTypeOf<
    Dataset<string | undefined>
  >();
  expectTypeOf(range(3).map((n) => BigInt(n))).toEqualTypeOf<Dataset<bigint>>();
  expectTypeOf(lines.mapAsync(async (line) => Promise.resolve(line))).toEqualTypeOf<Dataset<string>>();
  expectTypeOf(lines.mapAsync((line) => line)).toEqualTypeOf<Dataset<string>>();
  expectTypeOf(lines.flatMap((line) => new Map([[line, 1]]))).toEqualTypeOf<Dataset<[string, number]>>();
  const generic = <T>(items: Dataset<T>): Dataset<T[]> => items.map((item) => [item]);
  expectTypeOf(generic(lines)).toEqualTypeOf<Dataset<string[]>>();
  const same = <T>(items: Dataset<T>): Dataset<T> =>
    items
      .map((item) => item)
      .flatMap((item) => [item])
      .mapPartitions((all) => all);
  expectTypeOf(same(lines)).toEqualTypeOf<Dataset<string>>();
  const mapped = <T, R>(items: Dataset<T>, fn: (item: T) => R): Dataset<R> => items.map(fn);
  expectTypeOf(mapped(lines, (line) => line.length)).toEqualTypeOf<Dataset<number>>();
  const awaited = <T, R>(items: Dataset<T>, fn: (item: T) => Promise<R>): Dataset<Awaited<R>> =>
    items.mapAsync(fn);
  expectTypeOf(awaited(lines, async (line) => Promise.resolve(line.length))).toEqualTypeOf<Dataset<number>>();
  expectTypeOf(lines.map((line): [string, number, Date] => [line, 1, new Date(0)])).toEqualTypeOf<
    Dataset<[string, number, Date]>
  >();
  const arrays: Dataset<string[]> = lines.map((line) => [line, line]);
  expect(arrays).toBeDefined();
});
