/** Small runs on a warm pool, which go there and back in one message each, and must give what any other run gives. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { createPool, from, parallelMap, range, type Plan } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const words = Array.from({ length: 100 }, (_, i) => `word ${(i * i) % 13}`);
const floats = Array.from({ length: 60 }, (_, i) => Math.sin(i) / 3);

/** Plans of all kinds of stages, made anew for each run, as a server makes them. */
const plans: Record<string, () => Plan<unknown>> = {
  'records there and back': () => from(words).map((text) => text.length).toArray(), // prettier-ignore
  'calls that are awaited': () => from(words).mapAsync(async (text) => Promise.resolve(text.length)).toArray(), // prettier-ignore
  'a fold that rounds': () => from(floats).map((n) => n * 1.1).reduce((a, b) => a + b), // prettier-ignore
  counts: () => from(words).countByValue().toArray(),
  'the most frequent': () => from(words).countByValue().top(3, ([, n]) => n), // prettier-ignore
  'sums that round': () =>
    from(floats)
      .map((n) => [Math.floor(n * 21) % 7, n] as [number, number])
      .reduceByKey((a, b) => a + b)
      .map(([key, sum]) => [key, sum / 3])
      .toArray(),
  'sums of one range': () => from(floats).sortBy((n) => n).reduce((a, b) => a + b), // prettier-ignore
  'a sort, descending': () => from(words).sortBy((text) => text.slice(-1), { descending: true }).toArray(), // prettier-ignore
  groups: () => from(words).keyBy((text) => text.length).groupByKey().toArray(), // prettier-ignore
  'several keyed verbs': () =>
    from(words)
      .countByValue()
      .keyBy(([, n]) => n % 3)
      .groupByKey()
      .sortBy(([key]) => -key)
      .map(([key, all]) => [key, [...all].map(([text]) => text)])
      .toArray(),
  'what expands': () => from(words).flatMap((text) => text.split(' ')).distinct().toArray(), // prettier-ignore
  'a join': () => {
    const counted = from(words).countByValue();
    return counted.join(counted.map(([text, n]) => [text, -n])).toArray();
  },
  'a list joined with its own sums': () => {
    const pairs = from(floats).map((n) => [Math.floor(n * 21) % 7, n] as [number, number]);
    return pairs.join(pairs.reduceByKey((a, b) => a + b)).map(([key, [n, sum]]) => [key, n / sum]).toArray(); // prettier-ignore
  },
  'a list and what is counted in it': () => from(words).keyBy((text) => text.length).union(from(words).countByValue().map(([text, n]) => [n, text])).sortBy(([n]) => n).toArray(), // prettier-ignore
  'the first ones': () => from(words).distinct().take(3),
  'a range': () => range(500).filter((n) => n % 3 === 0).countByValue().count(), // prettier-ignore
  'no records': () => from(words).filter(() => false).countByValue().toArray(), // prettier-ignore
};

describe('a warm run gives what the first one gave, to the bit, and what this process gives', () => {
  it.each(Object.keys(plans))('%s', async (name) => {
    const expected = await plans[name]!().run({ processes: 0 });
    for (let run = 0; run < 6; run += 1)
      expect(await plans[name]!().run({ pool: shared.pool })).toEqual(expected);
    const records = plans[name]!();
    const all = await Promise.all(Array.from({ length: 5 }, async () => records.run({ pool: shared.pool })));
    expect(all).toEqual(Array.from({ length: 5 }, () => expected));
  });
});

describe('a warm run is one message', () => {
  const code = `process.on('message', ({ method }) => {
    if (method !== 'boot') globalThis.messages = (globalThis.messages ?? 0) + 1;
  });`;
  const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
  const pool = createPool({ processes: 1, execArgv });
  afterAll(() => pool.close());

  /** Which need more than one: what they read twice or from two stages, or end early for. */
  const longer = ['a join', 'a list joined with its own sums', 'a list and what is counted in it', 'the first ones']; // prettier-ignore

  it.each(Object.keys(plans).filter((name) => !longer.includes(name)))('%s', async (name) => {
    const messages = async (): Promise<number> =>
      (await parallelMap([0], () => (globalThis as { messages?: number }).messages ?? 0, { pool }))[0]!;
    const counts: number[] = [];
    for (let run = 0; run < 40 && !counts.includes(1); run += 1) {
      const before = await messages();
      await plans[name]!().run({ pool });
      // The question is one, too.
      counts.push((await messages()) - before - 1);
    }
    expect(Math.min(...counts)).toBe(1);
  });
});

describe('on a warm pool', () => {
  const { pool } = shared;

  it('a function that was quick and is slow now does not keep other children waiting', async () => {
    const slow = (n: number): string => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, n);
      return `${process.pid}`;
    };
    const pids = async (milliseconds: number): Promise<Set<string>> =>
      new Set(await parallelMap(Array.from({ length: 20 }, () => milliseconds), slow, { pool })); // prettier-ignore
    for (let run = 0; run < 5; run += 1) await pids(0);
    expect((await pids(25)).size).toBe(2);
  });

  it('a stream gives what a record gives without end, of a plan whose records gave one each before', async () => {
    const stream = (numbers: number[]): AsyncIterable<number> =>
      from(numbers)
        .distinct()
        .flatMap(function* (n) {
          do yield n;
          while (n < 0);
        })
        .stream({ pool });
    const seen = async (numbers: number[]): Promise<number[]> => {
      const all: number[] = [];
      for await (const n of stream(numbers)) {
        all.push(n);
        if (all.length === 5) break;
      }
      return all;
    };
    for (let run = 0; run < 5; run += 1) expect(await seen([1, 2, 3])).toEqual([1, 2, 3]);
    expect(await seen([-1])).toEqual([-1, -1, -1, -1, -1]);
  });

  it('what is slow in the stage after it is parted, too', async () => {
    const run = async (milliseconds: number): Promise<[number, number][]> =>
      from(Array.from({ length: 20 }, (_, n) => [n, milliseconds] as [number, number]))
        .reduceByKey((a, b) => a + b)
        .map(([n, wait]): [number, number] => {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
          return [n, process.pid];
        })
        .toArray()
        .run({ pool, partitions: 8 });
    for (let i = 0; i < 5; i += 1) await run(0);
    const found = await run(25);
    expect(found.map(([n]) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(new Set(found.map(([, pid]) => pid)).size).toBe(2);
  });
});

describe('what fails in a warm run', () => {
  /** Sums by key of what each number is, in two stages that may fail. */
  const failing = (numbers: readonly number[]): Plan<[number, number][]> =>
    from(numbers)
      .map((n) => {
        if (n === 60) throw new RangeError('in the map');
        if (n === 61) process.exit(7);
        return [n % 10, n] as [number, number];
      })
      .reduceByKey((a, b) => a + b)
      .map((pair) => {
        if (pair[1] === 1000) throw new RangeError('in the reduce');
        if (pair[1] === 1002) process.exit(8);
        return pair;
      })
      .toArray();
  const fine = Array.from({ length: 50 }, (_, n) => n);
  const run = async (numbers: readonly number[]): Promise<unknown> =>
    failing(numbers).run({ pool: shared.pool });

  it.each([
    [60, { name: 'TaskError', verb: 'map', index: 50 }, 'in the map'],
    [61, { name: 'WorkerCrashError', exitCode: 7, index: 50 }, '61'],
    [875, { name: 'TaskError', verb: 'map', preview: '[ 5, 1000 ]' }, 'in the reduce'],
    [892, { name: 'WorkerCrashError', exitCode: 8, preview: '[ 2, 1002 ]' }, '1002'],
  ])('is blamed as it is in a cold one: %d', async (last, fields, message) => {
    const numbers = [...fine, last];
    for (let i = 0; i < 5; i += 1) await run(fine);
    const warm = await caught(run(numbers));
    const cold = await caught(failing(numbers).run({ processes: 2 }));
    expect(warm).toMatchObject(fields);
    expect((warm as Error).message).toBe((cold as Error).message);
    expect((warm as Error).message).toContain(message);
  });
});
