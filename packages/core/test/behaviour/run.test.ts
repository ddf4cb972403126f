import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  EmptyReduceError,
  from,
  mapReduce,
  mean,
  parallelMap,
  range,
  topN,
  type RunOptions,
} from '@forkfold/core';
import { harness, program } from './harness.js';

const shared = harness();

describe.each([0, 1, 2])('in %d processes', (processes) => {
  let options: RunOptions;
  beforeEach(() => {
    options = shared.options(processes);
  });
  const numbers = Array.from({ length: 1000 }, (_, i) => i);

  it('maps in order', async () => {
    expect(await parallelMap(numbers, (n) => n * 2, options)).toEqual(numbers.map((n) => n * 2));
  });

  it('awaits asynchronous functions', async () => {
    expect(await parallelMap([1, 2, 3], async (n) => Promise.resolve(n + 1), options)).toEqual([2, 3, 4]);
  });

  it.each([1, 7, 5000])('folds floats bit for bit alike, chunks of %d', async (chunkSize) => {
    const plan = range(1, 1001)
      .map((n) => 1 / n)
      .reduce((a, b) => a + b);
    const expected = await plan.run({ processes: 0, chunkSize });
    expect(await plan.run({ ...options, chunkSize })).toBe(expected);
  });

  it('reduces in input order with an operation that is not commutative', async () => {
    const joined = await from(numbers)
      .map((n) => `${n}`)
      .reduce((a, b) => `${a},${b}`)
      .run({ ...options, chunkSize: 3 });
    expect(joined).toBe(numbers.join(','));
  });

  it('refuses to reduce nothing without an identity', async () => {
    await expect(
      from<number>([])
        .reduce((a, b) => a + b)
        .run(options),
    ).rejects.toBeInstanceOf(EmptyReduceError);
    expect(
      await from<number>([])
        .reduce((a, b) => a + b, 7)
        .run(options),
    ).toBe(7);
  });

  it('groups, counts and joins by key', async () => {
    const pairs = from(numbers).keyBy((n) => n % 3);
    expect(
      await pairs
        .groupByKey()
        .map(([key, values]) => [key, [...values].length] as const)
        .toMap()
        .run(options),
    ).toEqual(
      new Map([
        [0, 334],
        [1, 333],
        [2, 333],
      ]),
    );
    expect(
      await pairs
        .reduceByKey((a, b) => a + b)
        .toMap()
        .run(options),
    ).toEqual(new Map([0, 1, 2].map((k) => [k, numbers.filter((n) => n % 3 === k).reduce((a, b) => a + b)])));
    const other = from([
      [1, 'x'],
      [9, 'y'],
    ] as [number, string][]);
    expect(
      await from([
        [1, 'a'],
        [2, 'b'],
      ] as [number, string][])
        .fullJoin(other)
        .toArray()
        .run(options),
    ).toEqual(
      expect.arrayContaining([
        [1, ['a', 'x']],
        [2, ['b', undefined]],
        [9, [undefined, 'y']],
      ]),
    );
    expect(await from(['b', 'a', 'b']).distinct().toArray().run(options)).toEqual(['b', 'a']);
  });

  it.each([false, true])('sorts, and keeps equal keys in order, descending: %p', async (descending) => {
    const records = numbers.map((n) => ({ n, key: (n * 7919) % 10 }));
    const expected = [...records].sort((a, b) => (descending ? b.key - a.key : a.key - b.key));
    const sorted = from(records).sortBy(({ key }) => key, { descending });
    expect(await sorted.toArray().run({ ...options, chunkSize: 13 })).toEqual(expected);
  });

  it('compares keys by value', async () => {
    const keys = [
      '',
      '__proto__',
      '1',
      1,
      1n,
      NaN,
      NaN,
      0,
      -0,
      null,
      undefined,
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ];
    const counts = await from<unknown>(keys).countByValue().toArray().run(options);
    expect(counts).toHaveLength(keys.length - 3);
    expect(counts).toEqual(
      expect.arrayContaining([
        [NaN, 2],
        [0, 2],
        [{ a: 1, b: 2 }, 2],
        ['__proto__', 1],
      ]),
    );
  });

  it('runs a classic MapReduce, with and without a combiner', async () => {
    const functions = {
      map: (line: string) => line.split(' ').map((word) => [word, 1] as const),
      reduce: (_: string, ones: Iterable<number>) => [...ones].reduce((a, b) => a + b),
    };
    const expected = new Map([
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ]);
    expect(await mapReduce(['a b', 'b c'], functions, options)).toEqual(expected);
    expect(await mapReduce(['a b', 'b c'], { ...functions, combine: (a, b) => a + b }, options)).toEqual(
      expected,
    );
  });

  it('takes ready-made aggregators', async () => {
    expect(await range(101).aggregate(mean).run(options)).toBeCloseTo(50);
    expect(
      await range(50)
        .aggregate(topN(2, (n: number) => n % 7))
        .run(options),
    ).toEqual([6, 13]);
  });

  it('explains a variable that the child cannot see', async () => {
    const taxRate = 2;
    await expect(
      range(3)
        .map((n) => n * taxRate)
        .toArray()
        .run(options),
    ).rejects.toThrow('`taxRate` is not visible in the child process');
  });
});

describe('a job', () => {
  it('runs in a one-file script without a main guard, and nothing after its run executes in a child', async () => {
    expect(await program('one-file.mjs')).toBe('[1,4,7,10,13]\nafter\n');
  });
});

describe('a run', () => {
  it.each([1, 3, 40])(
    'gives the same keyed result, bit for bit, with %d partitions for any processes',
    async (partitions) => {
      const plan = range(2000)
        .map((n) => [n % 50, 1 / (n + 1)] as [number, number])
        .reduceByKey((a, b) => a + b)
        .toArray();
      const expected = await plan.run(shared.options(0, { partitions }));
      expect(await plan.run(shared.options(2, { partitions }))).toEqual(expected);
      expect(expected).toHaveLength(50);
    },
  );
});
