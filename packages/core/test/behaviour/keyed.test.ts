import { describe, expect, it } from '@jest/globals';
import { from, mapReduce, range, type Dataset, type Plan, type RunOptions } from '@forkfold/core';
import fc from 'fast-check';
import { anyCharacter } from '../values/any-character.js';
import { expectSame } from '../values/expect-same.js';
import { oddKey, sameKey } from '../shuffle/odd-keys.js';
import { harness } from './harness.js';

type Pair = [key: unknown, value: number];
type Rows = [key: unknown, values: unknown[]][];

const shared = harness();

interface Options extends RunOptions {
  /** How many children, or each of these numbers. */
  readonly children?: readonly number[];
}

/** Runs in this process and in children: in one, and in two. The results must be the same, in the same order. */
async function everywhere<R>(run: (options: RunOptions) => Promise<R>, given: Options): Promise<R> {
  const { children = [1, 2], ...options } = given;
  const result = await run(shared.options(0, options));
  for (const processes of children) expectSame(await run(shared.options(processes, options)), result);
  return result;
}

/** Runs with a budget for the tables of a task in bytes: 1 makes everything spill, and split as deep as it goes. */
async function withBudget<R>(memory: number | undefined, run: () => Promise<R>): Promise<R> {
  shared.budget = memory;
  try {
    return await run();
  } finally {
    shared.budget = undefined;
  }
}

/** The values of every key in their order: what a naive program would make with a list of lists. */
function grouped(pairs: readonly (readonly [unknown, unknown])[]): Rows {
  const rows: Rows = [];
  for (const [key, value] of pairs) {
    const row = rows.find(([other]) => sameKey(other, key));
    if (row) row[1].push(value);
    else rows.push([key, [value]]);
  }
  return rows;
}

/** Keyed results come in an order of their own; the rows of one key must come in the expected one. */
function expectRows(actual: readonly (readonly [unknown, unknown])[], expected: Rows): void {
  const rows = grouped(actual);
  expect(rows).toHaveLength(expected.length);
  for (const [key, values] of expected) {
    expectSame(rows.find(([other]) => sameKey(other, key))?.[1], values);
  }
}

const pairs = fc.array(fc.tuple(oddKey, fc.integer({ min: 0, max: 99 })), { maxLength: 16 });
const options = fc.record({
  children: fc.constantFrom([1], [2]),
  chunkSize: fc.constantFrom(1, 3, 7, 1000),
  partitions: fc.constantFrom(1, 3),
});
const budget = fc.constantFrom(1, 500, 3000, undefined);

interface Case {
  readonly dataset: (left: Dataset<Pair>, right: Dataset<Pair>) => Dataset<unknown>;
  readonly oracle: (left: Pair[], right: Pair[]) => Rows;
}

/** Behind a verb: a list in memory that stands right before a join would be looked up instead of shuffled. */
const shuffled = (list: Dataset<Pair>): Dataset<Pair> => list.filter(() => true);

function joined(keepLeft: boolean, keepRight: boolean): Case['oracle'] {
  return (left, right) => {
    const [lefts, rights] = [grouped(left), grouped(right)];
    const keys = grouped([...left, ...right]).map(([key]) => key);
    return keys.flatMap((key): Rows => {
      const of = (rows: Rows): unknown[] => rows.find(([other]) => sameKey(other, key))?.[1] ?? [];
      const [as, bs] = [of(lefts), of(rights)];
      if ((as.length === 0 && !keepRight) || (bs.length === 0 && !keepLeft)) return [];
      const [xs, ys] = [as.length ? as : [undefined], bs.length ? bs : [undefined]];
      return [[key, xs.flatMap((x) => ys.map((y) => [x, y]))]];
    });
  };
}

const cases: Record<string, Case> = {
  reduceByKey: {
    dataset: (left) => left.mapValues((n) => `${n},`).reduceByKey((a, b) => a + b),
    oracle: (left) =>
      grouped(left).map(([key, values]) => [key, [values.map((n) => `${String(n)},`).join('')]]),
  },
  aggregateByKey: {
    dataset: (left) =>
      left.aggregateByKey<unknown, number, number[], string>({
        zero: () => [],
        add: (list, n) => [...list, n],
        merge: (a, b) => [...a, ...b],
        finish: (list) => list.join(),
      }),
    oracle: (left) => grouped(left).map(([key, values]) => [key, [values.join()]]),
  },
  groupByKey: {
    dataset: (left) => left.groupByKey(),
    oracle: (left) => grouped(left).map(([key, values]) => [key, [values]]),
  },
  'groupByKey, its values read twice in the children': {
    dataset: (left) => left.groupByKey().mapValues((values) => [[...values], [...values].length]),
    oracle: (left) => grouped(left).map(([key, values]) => [key, [[values, values.length]]]),
  },
  'groupByKey, its values deeper in the record': {
    dataset: (left) => left.groupByKey().map(([key, values]) => [key, { nested: [values] }]),
    oracle: (left) => grouped(left).map(([key, values]) => [key, [{ nested: [values] }]]),
  },
  'groupByKey, its values kept by mapAsync, sortBy and another groupByKey': {
    dataset: (left) =>
      left
        .groupByKey()
        .mapAsync(
          async ([key, values]) => {
            await Promise.resolve();
            return [key, values] as [unknown, Iterable<number>];
          },
          { concurrency: 3 },
        )
        .union(left.groupByKey())
        .sortBy(() => 0)
        .groupByKey()
        .mapValues((groups) => [...groups]),
    oracle: (left) => grouped(left).map(([key, values]) => [key, [[values, values]]]),
  },
  countByKey: {
    dataset: (left) => left.countByKey(),
    oracle: (left) => grouped(left).map(([key, values]) => [key, [values.length]]),
  },
  countByValue: {
    dataset: (left) => left.map(([key]) => key).countByValue(),
    oracle: (left) => grouped(left).map(([key, values]) => [key, [values.length]]),
  },
  distinct: {
    dataset: (left) => left.distinct(([key]) => key),
    oracle: (left) => grouped(left).map(([key, values]) => [key, values.slice(0, 1)]),
  },
  cogroup: {
    dataset: (left, right) => left.cogroup(right),
    oracle: (left, right) => {
      const [lefts, rights] = [grouped(left), grouped(right)];
      return grouped([...left, ...right]).map(([key]) => {
        const of = (rows: Rows): unknown[] => rows.find(([other]) => sameKey(other, key))?.[1] ?? [];
        return [key, [[of(lefts), of(rights)]]];
      });
    },
  },
  join: { dataset: (left, right) => shuffled(left).join(shuffled(right)), oracle: joined(false, false) },
  leftJoin: {
    dataset: (left, right) => shuffled(left).leftJoin(shuffled(right)),
    oracle: joined(true, false),
  },
  fullJoin: { dataset: (left, right) => left.fullJoin(right), oracle: joined(true, true) },
  'a join of two sources, reduced, grouped and joined with one of them again': {
    dataset: (left, right) =>
      shuffled(left)
        .join(shuffled(right))
        .mapValues(([a, b]) => a + b)
        .reduceByKey((a, b) => a + b)
        .map(([key, sum]) => [sum % 3, [key, sum]] as const)
        .groupByKey()
        .flatMap(([, sums]) => sums)
        .map((pair) => pair as [unknown, number])
        .join(shuffled(left)),
    oracle: (left, right) => {
      const sums = joined(false, false)(left, right).map(([key, rows]): Pair => [
        key,
        (rows as [number, number][]).reduce((sum, [a, b]) => sum + a + b, 0),
      ]);
      return joined(false, false)(sums, left);
    },
  },
};

describe.each(Object.keys(cases))('%s', (name) => {
  it('gives what a naive program gives, for odd keys, any chunks and budgets, anywhere', async () => {
    const { dataset, oracle } = cases[name]!;
    await fc.assert(
      fc.asyncProperty(pairs, pairs, options, budget, async (left, right, given, memory) => {
        const plan = dataset(from(left), from(right)).toArray() as Plan<[unknown, unknown][]>;
        const actual = await withBudget(memory, () => everywhere((all) => plan.run(all), given));
        expectRows(actual, oracle(left, right));
      }),
      { numRuns: 15 },
    );
  });
});

describe('mapReduce', () => {
  it.each([true, false])('gives what a naive program gives, with a combiner: %p', async (combined) => {
    await fc.assert(
      fc.asyncProperty(pairs, options, budget, async (left, given, memory) => {
        const actual = await withBudget(memory, () =>
          everywhere(
            (all) =>
              mapReduce(
                left,
                {
                  map: ([key, n]: Pair) => (n % 5 === 0 ? [] : [[key, n] as const, [n, n] as const]),
                  ...(combined && { combine: (a: number, b: number) => a + b }),
                  reduce: (_key, values) => [...values].reduce((a, b) => a + b),
                },
                all,
              ),
            given,
          ),
        );
        const emitted = left.flatMap(([key, n]) => (n % 5 === 0 ? [] : [[key, n] as const, [n, n] as const]));
        expectRows(
          [...actual],
          grouped(emitted).map(([key, values]) => [key, [(values as number[]).reduce((a, b) => a + b)]]),
        );
      }),
      { numRuns: 15 },
    );
  });
});

describe('sortBy', () => {
  const record = fc.oneof(
    fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(NaN, Infinity, 0.5)), {
      maxLength: 40,
    }),
    fc.array(fc.string({ unit: anyCharacter, maxLength: 2 }), { maxLength: 40 }),
  );

  it.each([false, true])('gives what a stable sort gives, descending: %p', async (descending) => {
    const compare = (a: string | number, b: string | number): number =>
      Number.isNaN(a) || Number.isNaN(b)
        ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
        : a < b
          ? -1
          : Number(a > b);
    await fc.assert(
      fc.asyncProperty(record, options, budget, async (keys, given, memory) => {
        const records = (keys as (string | number)[]).map((key, i) => ({ key, i }));
        const plan = from(records)
          .sortBy(({ key }) => key, { descending })
          .toArray();
        const actual = await withBudget(memory, () => everywhere((all) => plan.run(all), given));
        expect(actual).toEqual(
          records.sort((a, b) => (descending ? compare(b.key, a.key) : compare(a.key, b.key))),
        );
      }),
      { numRuns: 15 },
    );
  });
});

describe('union, sample and top', () => {
  it('give what a naive program gives', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, pairs, options, budget, async (left, right, given, memory) => {
        await withBudget(memory, async () => {
          const both = [...left, ...right];
          const united = from(left).union(from(right));
          expectSame(await everywhere((all) => united.toArray().run(all), given), both);

          const some = await everywhere((all) => united.sample(0.5, 7).toArray().run(all), given);
          let at = -1;
          for (const taken of some) {
            at = both.findIndex((pair, i) => i > at && sameKey(pair, taken));
            expect(at).toBeGreaterThanOrEqual(0);
          }
          const { children: _, ...more } = given;
          const here = shared.options(0, more);
          expectSame(await united.sample(1).toArray().run(here), both);
          expect(await united.sample(0).count().run(here)).toBe(0);

          const top = await everywhere((all) => united.top(5, ([, n]) => n).run(all), given);
          expectSame(top, [...both].sort(([, a], [, b]) => b - a).slice(0, 5));
        });
      }),
      { numRuns: 15 },
    );
  });
});

describe('top of groups', () => {
  it('keeps those that are read from the disk', async () => {
    const records = range(401).map((n) => [n % 7 === 0 ? 'rare' : n % 2, n] as [unknown, number]);
    const plan = records.groupByKey().top(2, ([, values]) => {
      let size = 0;
      for (const _ of values) size += 1;
      return size;
    });
    const top = await withBudget(1, () => everywhere((all) => plan.run(all), { chunkSize: 50 }));
    const of = (parity: number): number[] =>
      Array.from({ length: 401 }, (_, n) => n).filter((n) => n % 7 !== 0 && n % 2 === parity);
    expectSame(top, [
      [0, of(0)],
      [1, of(1)],
    ]);
  });
});

describe('results larger than a reply', () => {
  it('come block by block out of files, which are removed as they are read', async () => {
    const many = range(4).flatMap((n) => Array.from({ length: 20_000 }, (_, i) => `${n}-${i}`));
    const expected = [0, 1, 2, 3].flatMap((n) => Array.from({ length: 20_000 }, (_, i) => `${n}-${i}`));
    await withBudget(1000, async () => {
      expect(await everywhere((all) => many.toArray().run(all), { chunkSize: 1 })).toEqual(expected);
      const streamed: string[] = [];
      const unordered = shared.options(2, { chunkSize: 4, ordered: false });
      for await (const text of many.stream(unordered)) streamed.push(text);
      expect(streamed).toEqual(expected);
      for await (const text of many.stream({ ...unordered, chunkSize: 1 })) if (text.endsWith('-100')) break;
      expect(await many.take(3).run(unordered)).toEqual(expected.slice(0, 3));
    });
  });
});

describe('the cut of tasks', () => {
  // A timeout speaks of single chunks, so tasks are then a fixed number of them; else as many as turn out to be quick.
  const fixed: RunOptions = { timeout: 600_000 };

  it.each([3_000, undefined])('leaves the order of counts and distinct records alone (budget %s)', (memory) =>
    withBudget(memory, async () => {
      const numbers = range(1_000).map((n) => `key ${(n * 7_919) % 701}`);
      for (const keyed of [numbers.countByValue(), numbers.distinct()] as Dataset<unknown>[]) {
        const options = { chunkSize: 50, partitions: 3 };
        const counts = await everywhere((more) => keyed.toArray().run(more), options);
        expect(counts).toHaveLength(701);
        expectSame(await everywhere((more) => keyed.toArray().run(more), { ...options, ...fixed }), counts);
      }
    }),
  );
});
