import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { from, range, TaskError, type Dataset, type Plan, type RunOptions } from '@forkfold/core';
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
    const made: Dataset<readonly [number, number]> = range(20).flatMap<readonly [number, number]>(fn);
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

  it.each<[string, (numbers: Dataset<number>) => Plan<unknown>]>([
    ['map', (numbers) => numbers.map((n) => n).toArray()],
    ['filter', (numbers) => numbers.filter((n) => n > 0).toArray()],
    ['countByValue', (numbers) => numbers.countByValue().toMap()],
    ['reduce', (numbers) => numbers.reduce((a, b) => a + b)],
  ])('is to blame for what an item of an array throws before %s', async (_, plan) => {
    const items = range(2).flatMap((n) => {
      const array = [n, n];
      Object.defineProperty(array, 1, {
        get() {
          throw new RangeError('no item');
        },
      });
      return array;
    });
    const error = await caught(plan(items).run(shared.options(1)));
    expect(error).toMatchObject({ verb: 'flatMap', message: expect.stringContaining('RangeError: no item') });
  });

  it('goes over an array as it is iterated, with holes, by an iterator of its own, and through a proxy', async () => {
    const arrays = range(1).flatMap(() => {
      const own = Object.assign([5], { *[Symbol.iterator]() { yield 6; } }); // prettier-ignore
      const holes = new Array<number | undefined>(2);
      return [[1, 2], own, holes, new Proxy([7, 8], {})];
    });
    const items = arrays.flatMap((array) => array);
    expect(await items.toArray().run(shared.options(0))).toEqual([1, 2, 6, undefined, undefined, 7, 8]);
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

describe.each([0, 1, 2])(
  'a stream in %d processes of a function that gives records without end',
  (processes) => {
    const options = (more?: RunOptions): RunOptions => dirs.options(processes, more);
    const take = async <T>(records: AsyncIterable<T>, count: number): Promise<T[]> => {
      const found: T[] = [];
      for await (const record of records) if (found.push(record) === count) break;
      return found;
    };
    const naturals = function* (first: number): Generator<number> {
      for (let n = first; ; n += 1) yield n;
    };
    // It sleeps now and then: before a child asks what is wanted of it, it would make records for nothing all the time.
    const unhurried = function* (first: number): Generator<number> {
      const pause = new Int32Array(new SharedArrayBuffer(4));
      for (let n = first; ; n += 1) {
        if (n % 64 === 0) Atomics.wait(pause, 0, 0, 1);
        yield n;
      }
    };
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

    it.each<[string, (numbers: Dataset<number>) => Dataset<number>]>([
      ['flatMap', (numbers) => numbers.flatMap(naturals)],
      [
        'an async one',
        (numbers) =>
          numbers.flatMap(async function* (first) {
            for (let n = first; ; n += 1) {
              if (n % 64 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
              yield n;
            }
          }),
      ],
      [
        'one before other verbs',
        (numbers) =>
          numbers
            .flatMap(unhurried)
            .map((n) => n + 1)
            .filter((n) => n > 0)
            .map((n) => n - 1),
      ],
      ['one in another', (numbers) => numbers.flatMap((n) => [n, n + 1]).flatMap(unhurried)],
      [
        'one before mapAsync',
        (numbers) => numbers.flatMap(unhurried).mapAsync(async (n) => Promise.resolve(n)),
      ],
      [
        'mapPartitions',
        (numbers) =>
          numbers.mapPartitions(function* () {
            const pause = new Int32Array(new SharedArrayBuffer(4));
            for (let n = 0; ; n += 1) {
              if (n % 64 === 0) Atomics.wait(pause, 0, 0, 1);
              yield n;
            }
          }),
      ],
    ])('%s, gives the first ones, and more as they are taken', async (_, endless) => {
      // Two children are at work on them where there are two, but for a buffer of one.
      const more = processes === 1 ? { bufferSize: 1 } : {};
      expect(await take(endless(range(3)).stream(options(more)), 2000)).toEqual(upTo(2000));
    });

    it('gives a slow one as it comes', async () => {
      const slow = from([0]).flatMap(async function* () {
        for (let n = 0; ; n += 1) {
          yield n;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      });
      expect(await take(slow.stream(options()), 6)).toEqual(upTo(6));
    });

    it('goes on with the next record where one has an end after all, in order', async () => {
      const plan = range(4).flatMap(function* (k) {
        // The function sleeps, so that it takes time from nobody, and gives few records.
        const pause = new Int32Array(new SharedArrayBuffer(4));
        const until = Date.now() + (k === 1 ? 700 : 0);
        for (let n = 0; n < 3 || Date.now() < until; n += 1) {
          if (k === 1) Atomics.wait(pause, 0, 0, 1);
          yield [k, n] as const;
        }
      });
      const found: (readonly [number, number])[] = [];
      for await (const pair of plan.stream(options({ chunkSize: 1 }))) found.push(pair);
      const of = (k: number): number[] => found.filter(([key]) => key === k).map(([, n]) => n);
      expect(of(0)).toEqual([0, 1, 2]);
      expect(of(1)).toEqual(upTo(of(1).length));
      expect(of(2)).toEqual([0, 1, 2]);
      expect(found.map(([k]) => k)).toEqual(found.map(([k]) => k).sort());
    });

    if (processes > 0) {
      it('is done again from the beginning where its child dies, and nothing comes twice', async () => {
        const [taken, died] = [shared.fresh(), shared.fresh()];
        const plan = from([{ taken, died }]).flatMap(function* (files) {
          const { existsSync, writeFileSync } = process.getBuiltinModule('node:fs');
          const pause = new Int32Array(new SharedArrayBuffer(4));
          for (let n = 0; ; n += 1) {
            Atomics.wait(pause, 0, 0, 1);
            if (existsSync(files.taken) && !existsSync(files.died)) {
              writeFileSync(files.died, '');
              process.exit(3);
            }
            yield n;
          }
        });
        const found: number[] = [];
        let beforeDeath = Infinity;
        for await (const n of plan.stream(options({ retries: 1 }))) {
          if (found.push(n) === 1) writeFileSync(taken, '');
          if (existsSync(died)) beforeDeath = Math.min(beforeDeath, found.length);
          // What came then may have been on its way; this much is another child's.
          if (found.length >= beforeDeath + 1000) break;
        }
        expect(found).toEqual(upTo(found.length));
      });
    }
  },
);

it.each([0, 2])('refuses what is no iterable, in %d processes', async (processes) => {
  const message = async (made: () => unknown): Promise<string> => {
    const plan = range(1).flatMap(made as () => number[]);
    return ((await caught(plan.count().run(shared.options(processes)))) as Error).message;
  };
  expect(await message(() => 5)).toContain(
    'flatMap threw TypeError: flatMap must give an iterable, such as an array, and gave 5 (chunk 0',
  );
  expect(await message(() => undefined)).toContain('and gave undefined');
  expect(await message(() => Promise.resolve([1]))).toContain(
    'flatMap does not wait for a promise: use mapAsync',
  );
});
