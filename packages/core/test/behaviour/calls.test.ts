import { describe, expect, it } from '@jest/globals';
import { from, parallelMap, type RunOptions } from '@forkfold/core';
import { harness } from './harness.js';

const shared = harness();

/** What the functions of these tests know of each other; it lives where they run. */
interface Counter {
  underWay: number;
  most: number;
  open(): void;
  readonly isOpen: Promise<void>;
}

/**
 * A call that waits until so many are under way in its process, and gives how many there have been at most. Where fewer are
 * ever under way nothing settles; more are told by the result.
 */
async function call({ id, wanted }: { id: string; wanted: number }): Promise<number> {
  const all = globalThis as unknown as Record<string, Counter | undefined>;
  const counter = (all[id] ??= ((): Counter => {
    let open = (): void => undefined;
    const isOpen = new Promise<void>((resolve) => (open = resolve));
    return { underWay: 0, most: 0, open, isOpen };
  })());
  counter.underWay += 1;
  counter.most = Math.max(counter.most, counter.underWay);
  if (counter.underWay === wanted) counter.open();
  await counter.isOpen;
  // Others may begin while this one goes on.
  await new Promise((resolve) => setImmediate(resolve));
  counter.underWay -= 1;
  return counter.most;
}

/** As `call`, of the second of two. */
async function second([, { id }]: readonly [unknown, { id: string }]): Promise<number> {
  const all = globalThis as unknown as Record<string, { now: number; most: number } | undefined>;
  const own = (all[id] ??= { now: 0, most: 0 });
  own.now += 1;
  own.most = Math.max(own.most, own.now);
  await new Promise((resolve) => setImmediate(resolve));
  own.now -= 1;
  return own.most;
}

let number = 0;
/** Names a counter that no test has had before. */
const counterFor = (wanted: number): { id: string; wanted: number } => ({
  id: `calls-${number++}`,
  wanted,
});
const repeated = <T>(value: T, times: number): T[] => new Array<T>(times).fill(value);

describe.each([0, 1, 2])('in %d processes', (processes) => {
  const options = (more?: RunOptions): RunOptions => shared.options(processes, more);

  it.each([1, 7, 1000])('mapAsync has its concurrency under way with chunks of %d', async (chunkSize) => {
    for (const concurrency of [1, 5, 40]) {
      const found = await from(repeated(counterFor(concurrency), 400))
        .mapAsync(call, { concurrency })
        .toArray()
        .run(options({ chunkSize }));
      expect(found).toHaveLength(400);
      expect(Math.max(...found)).toBe(concurrency);
    }
  });

  it('mapAsync has them under way whatever becomes of its results', async () => {
    const calls = from(repeated(counterFor(8), 300)).mapAsync(call, { concurrency: 8 });
    expect(await calls.reduce((a, b) => Math.max(a, b)).run(options({ chunkSize: 1 }))).toBe(8);
    expect(
      await calls
        .filter((n) => n > 8)
        .count()
        .run(options({ chunkSize: 1 })),
    ).toBe(0);
    const counts = await calls
      .countByValue()
      .toMap()
      .run(options({ chunkSize: 1 }));
    expect(Math.max(...counts.keys())).toBe(8);
    const streamed: number[] = [];
    for await (const n of calls.stream(options({ chunkSize: 1 }))) streamed.push(n);
    expect(Math.max(...streamed)).toBe(8);
  });

  it('each of two mapAsync in a row has its own', async () => {
    const both = { first: counterFor(3), second: counterFor(6) };
    const found = await from(repeated(both, 200))
      .mapAsync(async ({ first, second }) => [await Promise.resolve(first), second] as const, {
        concurrency: 3,
      })
      .mapAsync(second, { concurrency: 6 })
      .toArray()
      .run(options({ chunkSize: 2 }));
    expect(Math.max(...found)).toBe(6);
  });

  it.each([1, 7])(
    'parallelMap has 16 calls of an async function under way, chunks of %d',
    async (chunkSize) => {
      const found = await parallelMap(repeated(counterFor(16), 400), call, options({ chunkSize }));
      expect(found).toHaveLength(400);
      expect(Math.max(...found)).toBe(16);
    },
  );

  it('parallelMap has as many of a function that only sometimes gives a promise', async () => {
    const counter = counterFor(4);
    const items = repeated(counter, 300).map((of, i) => ({ of, isLate: i > 20 && i % 3 === 0 }));
    const found = await parallelMap(
      items,
      ({ of, isLate }) => {
        if (!isLate) return 0;
        const all = globalThis as unknown as Record<string, { now: number; most: number } | undefined>;
        const own = (all[of.id] ??= { now: 0, most: 0 });
        own.now += 1;
        own.most = Math.max(own.most, own.now);
        return new Promise<number>((resolve) =>
          setImmediate(() => {
            own.now -= 1;
            resolve(own.most);
          }),
        );
      },
      options({ chunkSize: 3 }),
    );
    expect(Math.max(...found)).toBeGreaterThan(4);
    expect(Math.max(...found)).toBeLessThanOrEqual(16);
  });
});
