import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dataset, RunOptions } from '@forkfold/core';

if (!existsSync(new URL('../../dist/index.js', import.meta.url)))
  throw new Error('build first: npm run build');
const { from, range, SerializationError, SourceError } = await import('@forkfold/core');
const jobs = (await import(new URL('../fixtures/keyed-jobs.mjs', import.meta.url).href)) as {
  dyingSums(numbers: Dataset<number>, phase: string, marker: string): Dataset<[string, number]>;
};
const preload = new URL('../fixtures/spill-fault.mjs', import.meta.url).href;

let tmpDir: string;
let markers: string;

beforeEach(async () => {
  tmpDir = await mkdtemp(join(tmpdir(), 'forkfold-test-'));
  markers = await mkdtemp(join(tmpdir(), 'forkfold-test-'));
  process.env.FORKFOLD_SHUFFLE_MEMORY = '2000';
});

afterEach(async () => {
  delete process.env.FORKFOLD_SHUFFLE_MEMORY;
  const left = await readdir(tmpDir);
  await rm(tmpDir, { recursive: true });
  await rm(markers, { recursive: true });
  expect(left).toEqual([]);
});

/** Options under which the first write to a spill file, of all children, meets a fault. */
function withFault(fault: string): RunOptions {
  const env = { FAULT: fault, MARKER: join(markers, fault) };
  return { processes: 2, tmpDir, execArgv: ['--import', preload], env };
}

const sums = range(3000)
  .map((n) => [`key ${n % 500}`, n] as [string, number])
  .groupByKey()
  .mapValues((values) => {
    let sum = 0;
    for (const value of values) sum += value;
    return sum;
  });

const sorted = range(3000)
  .map((n) => `${(n * 7919) % 3000}`)
  .sortBy((text) => text);

describe('a child that is killed once', () => {
  it.each(['map', 'reduce'])('during %s changes nothing', async (phase) => {
    const marker = join(markers, phase);
    const plan = jobs.dyingSums(range(120), phase, marker).toArray();
    const expected = await jobs.dyingSums(range(120), 'none', marker).toArray().run({ processes: 0, tmpDir });
    expect(expected).toHaveLength(13);
    expect(await plan.run({ processes: 2, tmpDir, chunkSize: 10 })).toEqual(expected);
    expect(existsSync(marker)).toBe(true);
  });

  it('while it writes a bucket changes nothing', async () => {
    const options = withFault('kill');
    const expected = await sums.toArray().run({ processes: 0, tmpDir });
    expect(expected).toHaveLength(500);
    expect(await sums.toArray().run(options)).toEqual(expected);
    expect(existsSync(options.env!.MARKER!)).toBe(true);
  });

  it('while it writes a sorted run changes nothing', async () => {
    const options = withFault('kill');
    const expected = Array.from({ length: 3000 }, (_, n) => `${n}`).sort();
    expect(await sorted.toArray().run(options)).toEqual(expected);
    expect(existsSync(options.env!.MARKER!)).toBe(true);
  });
});

describe('a spill file', () => {
  it.each(['flip', 'tear'])(
    'that is damaged (%s) is an error that names it, and no result',
    async (fault) => {
      for (const dataset of [sums, sorted]) {
        const options = withFault(fault);
        const error: unknown = await dataset
          .toArray()
          .run({ ...options, retries: 0 })
          .catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(SourceError);
        expect((error as Error).message).toMatch(
          /spill file .* is damaged at byte \d+: run again, and check the disk/,
        );
        await rm(options.env!.MARKER!);
      }
    },
  );

  it('for which the disk is too full is an error that names the directory and the bytes', async () => {
    const options = withFault('full');
    const error: unknown = await sums
      .toArray()
      .run(options)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SourceError);
    expect((error as Error).message).toMatch(
      /No space left in .*forkfold-.* after \d+ bytes of temporary data: /,
    );
    expect((error as Error).message).toContain(tmpDir);
  });

  it('goes when the run is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stream = sorted.stream({ processes: 1, tmpDir, signal: controller.signal });
    const read = async (): Promise<void> => {
      for await (const _ of stream) controller.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
  });
});

describe('a key that cannot be compared', () => {
  const inside = 'key[0].url is an instance of URL';
  const keys: [string, () => unknown, string][] = [
    ['function', () => () => 1, 'key is a function'],
    ['symbol', () => Symbol('s'), 'key is a symbol'],
    ['Map', () => new Map(), 'key is an instance of Map'],
    ['class instance, inside', () => [{ url: new URL('http://a.b') }], inside],
  ];

  it.each(keys)('(%s) is an error that names it', async (_, key, message) => {
    for (const processes of [0, 1]) {
      const one = from([1]).map(key);
      const pair = one.map((made) => [made, 1] as [unknown, number]);
      const datasets: Dataset<unknown>[] = [
        pair.reduceByKey((a) => a),
        pair.groupByKey(),
        pair.join(from([[1, 2]] as [unknown, number][])),
        one.countByValue(),
        one.distinct(),
      ];
      if (message !== inside) datasets.push(one.sortBy((made) => made));
      for (const dataset of datasets) {
        const error: unknown = await dataset
          .count()
          .run({ processes, tmpDir })
          .catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(SerializationError);
        expect((error as Error).message).toContain(message);
      }
    }
  });
});
