import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createPool,
  from,
  range,
  SerializationError,
  SourceError,
  type Dataset,
  type RunOptions,
} from '@forkfold/core';
import { budgetOf, caught, directories, fixture, harness } from './harness.js';

const shared = harness();
shared.budget = 2000;
const place = directories(shared);
const { options } = place;
let [root, tmpDir] = ['', ''];
let dyingSums: (numbers: Dataset<number>, phase: string, marker: string) => Dataset<[string, number]>;

beforeAll(async () => {
  ({ dyingSums } = (await import(fixture('keyed-jobs.mjs'))) as { dyingSums: typeof dyingSums });
});

beforeEach(() => {
  ({ root, tmpDir } = place);
});

/** A pool of which the first write to a spill file, of all children, meets a fault, and the marker that says so. */
function withFault(
  fault: string,
): AsyncDisposable & { readonly options: RunOptions; readonly marker: string } {
  const marker = join(root, fault);
  const env = { FAULT: fault, MARKER: marker };
  const pool = createPool({ processes: 2, execArgv: ['--import', fixture('spill-fault.mjs')], env });
  return {
    // The few records would else be a thousand chunks.
    options: { pool, tmpDir, chunkSize: 30, ...budgetOf(shared) },
    marker,
    [Symbol.asyncDispose]: () => pool.close(),
  };
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
    const marker = join(root, phase);
    const plan = dyingSums(range(120), phase, marker).toArray();
    const expected = await dyingSums(range(120), 'none', marker).toArray().run(options(0));
    expect(expected).toHaveLength(13);
    expect(await plan.run(options(2, { chunkSize: 10 }))).toEqual(expected);
    expect(existsSync(marker)).toBe(true);
  });

  it('while it writes a bucket changes nothing', async () => {
    await using faulty = withFault('kill');
    const expected = await sums.toArray().run(options(0, { chunkSize: 30 }));
    expect(expected).toHaveLength(500);
    expect(await sums.toArray().run(faulty.options)).toEqual(expected);
    expect(existsSync(faulty.marker)).toBe(true);
  });

  it('while it writes a sorted run changes nothing', async () => {
    await using faulty = withFault('kill');
    const expected = Array.from({ length: 3000 }, (_, n) => `${n}`).sort();
    expect(await sorted.toArray().run(faulty.options)).toEqual(expected);
    expect(existsSync(faulty.marker)).toBe(true);
  });
});

describe('a spill file', () => {
  it.each(['flip', 'tear'])(
    'that is damaged (%s) is an error that names it, and no result',
    async (fault) => {
      await using faulty = withFault(fault);
      for (const dataset of [sums, sorted]) {
        const error = await caught(dataset.toArray().run({ ...faulty.options, retries: 0 }));
        expect(error).toBeInstanceOf(SourceError);
        expect((error as Error).message).toMatch(
          /spill file .* is damaged at byte \d+: run again, and check the disk/,
        );
        await rm(faulty.marker);
      }
    },
  );

  it('for which the disk is too full is an error that names the directory and the bytes', async () => {
    await using faulty = withFault('full');
    const error = await caught(sums.toArray().run(faulty.options));
    expect(error).toBeInstanceOf(SourceError);
    expect((error as Error).message).toMatch(
      /No space left in .*forkfold-.* after \d+ bytes of temporary data: /,
    );
    expect((error as Error).message).toContain(tmpDir);
  });

  it('goes when the run is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const stream = sorted.stream(options(1, { signal: controller.signal }));
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
        pair.join(from([[1, 2]] as [unknown, number][]).filter(() => true)),
        one.countByValue(),
        one.distinct(),
      ];
      if (message !== inside) datasets.push(one.sortBy((made) => made));
      for (const dataset of datasets) {
        const error = await caught(dataset.count().run(options(processes)));
        expect(error).toBeInstanceOf(SerializationError);
        expect((error as Error).message).toContain(message);
      }
    }
  });
});
