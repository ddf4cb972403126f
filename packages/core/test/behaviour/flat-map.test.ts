import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { from, range, TaskError, type Dataset, type RunOptions } from '@forkfold/core';
import { caught, directories, harness } from './harness.js';

const shared = harness();
const dirs = directories(shared);

/** Gives each number up to `n` twice: at once, later, or both, by turns. */
const twice = {
  sync: function* (n: number) {
    for (let i = 0; i < n; i += 1) yield [n, i] as const;
  },
  async: async function* (n: number) {
    for (let i = 0; i < n; i += 1) {
      if (i % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      yield [n, i] as const;
    }
  },
  mixed: (n: number) =>
    n % 2 === 0
      ? Array.from({ length: n }, (_, i) => [n, i] as const)
      : (async function* () {
          await Promise.resolve();
          for (let i = 0; i < n; i += 1) yield [n, i] as const;
        })(),
};
const pairsOf = (n: number): number[][] =>
  Array.from({ length: n }, (_, k) => Array.from({ length: k }, (_, i) => [k, i])).flat();

describe.each([0, 1, 2])('flatMap in %d processes', (processes) => {
  const options = (more?: RunOptions): RunOptions => dirs.options(processes, more);

  describe.each(Object.entries(twice))('of %s iterables', (_, fn) => {
    const made = range(20).flatMap(fn) as Dataset<readonly [number, number]>;
    const expected = pairsOf(20);

    it.each([1, 7, 100])('keeps the order, chunks of %d', async (chunkSize) => {
      expect(await made.toArray().run(options({ chunkSize }))).toEqual(expected);
      const sums = made.map(([n, i]) => n + i).reduce((a, b) => a + b);
      expect(await sums.run(options({ chunkSize }))).toBe(expected.flat().reduce((a, b) => a + b));
      const counts = await made.countByKey().toMap().run(options({ chunkSize }));
      expect(counts.get(7)).toBe(7);
    });

    it('goes well with other verbs before and after', async () => {
      const nested = made
        .filter(([n]) => n > 16)
        .flatMap(([n, i]) => (i % 2 === 0 ? [n] : [n, i]))
        .flatMap(async function* (n) {
          await Promise.resolve();
          yield n;
          yield -n;
        })
        .map((n) => String(n));
      const wanted = expected
        .filter(([n]) => n! > 16)
        .flatMap(([n, i]) => (i! % 2 === 0 ? [n!] : [n!, i!]))
        .flatMap((n) => [n, -n])
        .map((n) => String(n));
      expect(await nested.toArray().run(options({ chunkSize: 3 }))).toEqual(wanted);
      const later = made
        .mapAsync(async (pair) => Promise.resolve(pair))
        .flatMap(async function* (pair) {
          await Promise.resolve();
          yield* pair;
        });
      expect(await later.toArray().run(options({ chunkSize: 3 }))).toEqual(expected.flat());
      const found: unknown[] = [];
      for await (const pair of made.stream(options({ chunkSize: 3 }))) found.push(pair);
      expect(found).toEqual(expected);
    });

    it('ends early', async () => {
      expect(await made.take(5).run(options({ chunkSize: 4 }))).toEqual(expected.slice(0, 5));
    });

    it('leaves out the records whose iterable fails', async () => {
      const failing = range(8).flatMap(async function* (n) {
        yield n;
        await Promise.resolve();
        if (n % 3 === 0) throw new RangeError(`bad ${n}`);
        yield n;
      });
      const skipped = failing.toArray().run(options({ chunkSize: 4, onError: 'skip' }));
      expect(await skipped).toEqual([1, 1, 2, 2, 4, 4, 5, 5, 7, 7]);
      const error = await caught(failing.toArray().run(options({ chunkSize: 4 })));
      expect(error).toBeInstanceOf(TaskError);
      expect(String(error)).toMatch(/flatMap threw RangeError: bad (\d) \(chunk \d at record \1: \1\)/);
    });
  });

  it('takes streams of Node', async () => {
    const paths = ['a', 'b'].map((name) => join(dirs.root, name));
    for (const path of paths) writeFileSync(path, `${path}\n`.repeat(3000));
    const bytes = from(paths)
      .flatMap((path) => process.getBuiltinModule('node:fs').createReadStream(path, { encoding: 'utf8' }))
      .map((text: string) => text.length)
      .reduce((a, b) => a + b);
    expect(createReadStream).toBeDefined();
    expect(await bytes.run(options())).toBe(2 * 3000 * (paths[0]!.length + 1));
  });

  it('without end gives its first records to what asks for a few, or waits', async () => {
    const endless = from([1, 2]).flatMap(function* (n) {
      for (let i = 0; ; i += 1) yield n * i;
    });
    expect(await endless.take(3).run(options())).toEqual([0, 1, 2]);
    expect(
      await endless
        .mapAsync(async (n) => Promise.resolve(n))
        .take(3)
        .run(options()),
    ).toEqual([0, 1, 2]);
    const firsts = endless.mapPartitions(function* (all) {
      let count = 0;
      for (const n of all) {
        yield n;
        if ((count += 1) === 3) return;
      }
    });
    expect(await firsts.toArray().run(options({ chunkSize: 2 }))).toEqual([0, 1, 2]);
  });

  it('awaits nothing before mapPartitions, and says so', async () => {
    const plan = range(3)
      .flatMap(twice.async)
      .mapPartitions((all) => all)
      .toArray();
    expect(String(await caught(plan.run(options())))).toMatch(
      /mapPartitions cannot wait for it: use mapAsync/,
    );
  });

  it('returns the iterables that it leaves early', async () => {
    const returned = await from([0])
      .map(() => {
        (globalThis as unknown as Record<string, number>).closed = 0;
        return 3;
      })
      .flatMap(async function* (n) {
        try {
          for (let i = 0; i < 100; i += 1) yield n;
        } finally {
          (globalThis as unknown as Record<string, number>).closed! += 1;
        }
      })
      .take(2)
      .run(options());
    expect(returned).toEqual([3, 3]);
    const closed = await range(1)
      .map(() => (globalThis as unknown as Record<string, number>).closed)
      .toArray()
      .run(options());
    if (processes < 2) expect(closed).toEqual([1]);
  });
});
