import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { from, range, textLines, type Dataset } from '@forkfold/core';
import { harness } from './harness.js';

const t = harness();

/** The first two random numbers of each record. */
function numbersOf(records: Dataset<unknown>, seed = 1): Dataset<number[]> {
  return records.withSeed(seed, (_, random) => [random(), random()]);
}

const flat = async (numbers: Dataset<number[]>, processes = 0): Promise<number[]> =>
  (await numbers.toArray().run(t.options(processes))).flat();

describe('withSeed', () => {
  it.each([
    ['range', range(3000)],
    ['from', from(Array.from({ length: 3000 }, (_, i) => `${i}`))],
  ])('gives the same bits for any number of processes and any chunks: %s', async (_, records) => {
    const expected = await numbersOf(records).toArray().run({ processes: 0, chunkSize: 3000 });
    for (const chunkSize of [1, 7, 1000]) {
      const options = t.options(2, { chunkSize });
      expect(await numbersOf(records).toArray().run(options)).toEqual(expected);
    }
  });

  it('gives a record the same numbers whatever comes behind it, and whatever is filtered out or awaited before', async () => {
    const all = await numbersOf(range(100)).toArray().run(t.options(0));
    expect(await numbersOf(range(40)).toArray().run(t.options(1))).toEqual(all.slice(0, 40));
    const odd = range(100).filter((n) => n % 2 === 1);
    const expected = all.filter((_, i) => i % 2 === 1);
    expect(await numbersOf(odd).toArray().run(t.options(1))).toEqual(expected);
    const awaited = odd.mapAsync(async (n) => Promise.resolve(n), { concurrency: 5 });
    expect(await numbersOf(awaited).toArray().run(t.options(1))).toEqual(expected);
  });

  it('gives each of the records that one was made into, each side of a union and each seed other numbers', async () => {
    const many = [
      numbersOf(range(50).flatMap((n) => [n, n, n])),
      numbersOf(range(50).union(range(50))),
      numbersOf(range(50), 2),
      numbersOf(range(50), -1),
      numbersOf(range(50), 1 + 2 ** 40),
      numbersOf(range(50).mapPartitions(([...all]) => all)),
      numbersOf(
        range(50)
          .map((n) => [n % 7, n] as [number, number])
          .groupByKey(),
        3,
      ),
    ];
    for (const numbers of many.slice(0, 2)) {
      const found = await flat(numbers);
      expect(new Set(found).size).toBe(found.length);
    }
    const found = (await Promise.all(many.slice(2).map((numbers) => flat(numbers)))).flat();
    expect(new Set(found).size).toBe(found.length);
  });

  it('gives lines the same numbers for the same chunks, whatever the number of processes', async () => {
    const file = t.fresh();
    await writeFile(file, 'a line\n'.repeat(500));
    const run = async (processes: number): Promise<unknown> =>
      numbersOf(textLines(file))
        .toArray()
        .run(t.options(processes, { chunkBytes: 700 }));
    const expected = (await run(0)) as number[][];
    expect(new Set(expected.flat()).size).toBe(1000);
    for (const processes of [1, 2]) expect(await run(processes)).toEqual(expected);
  });

  it('gives the same numbers after a crash, and beside records that are left out', async () => {
    const expected = await numbersOf(range(20)).toArray().run(t.options(0));
    const marker = t.fresh();
    const crash = range(20).mapAsync(
      async (n) => {
        const { existsSync, writeFileSync } = await import('node:fs');
        const path = process.env['WITH_SEED_MARKER']!;
        if (n === 9 && !existsSync(path)) {
          writeFileSync(path, '');
          process.exit(1);
        }
        return n;
      },
      { concurrency: 1 },
    );
    const options = { processes: 1, chunkSize: 20, tmpDir: t.tmpDir, env: { WITH_SEED_MARKER: marker } };
    expect(await numbersOf(crash).toArray().run(options)).toEqual(expected);
    const throwing = range(20).map((n) => {
      if (n === 4) throw new Error('four');
      return n;
    });
    const kept = await numbersOf(throwing).toArray().run({ processes: 0, onError: 'skip' });
    expect(kept).toEqual(expected.filter((_, i) => i !== 4));
  });

  it('gives numbers that are even, and independent of those of the neighbours and of other seeds', async () => {
    const n = 20_000;
    const one = await numbersOf(range(n)).toArray().run(t.options(0));
    const two = await numbersOf(range(n), 2).toArray().run(t.options(0));
    const first = one.map(([a]) => a!);
    const second = one.map(([, b]) => b!);
    // Each is so far from what is expected in one of a hundred thousand samples; these are always the same.
    const most = 4.5 / Math.sqrt(n);
    const correlation = (a: number[], b: number[]): number =>
      (12 / a.length) * a.reduce((sum, x, i) => sum + (x - 0.5) * ((b[i] ?? 0.5) - 0.5), 0);
    for (const numbers of [first, second]) {
      expect(Math.abs(numbers.reduce((a, b) => a + b) / n - 0.5)).toBeLessThan(most / Math.sqrt(12));
      const tenths = Array.from({ length: 10 }, () => 0);
      for (const x of numbers) tenths[Math.floor(x * 10)]! += 1;
      for (const count of tenths) expect(Math.abs(count / n - 0.1)).toBeLessThan(most * 0.3);
    }
    expect(Math.abs(correlation(first, second))).toBeLessThan(most);
    for (const lag of [1, 2, 256]) expect(Math.abs(correlation(first, first.slice(lag)))).toBeLessThan(most);
    expect(
      Math.abs(
        correlation(
          first,
          two.map(([a]) => a!),
        ),
      ),
    ).toBeLessThan(most);
    expect(Math.min(...first, ...second)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...first, ...second)).toBeLessThan(1);
  });

  it('refuses a seed that is no integer', () => {
    expect(() => range(1).withSeed(0.5, () => 0)).toThrow('seed');
  });
});
