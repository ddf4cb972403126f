import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPool, OptionError, range } from '@forkfold/core';
import { directories, harness } from './harness.js';

const place = directories(harness());
let tmpDir = '';
beforeEach(() => {
  ({ tmpDir } = place);
});

describe('A pool', () => {
  it('checks its options at once, before anything is loaded', () => {
    expect(() => createPool({ processes: -1 })).toThrow(OptionError);
  });

  it.each([0, 2])('of %d processes serves several runs at once', async (processes) => {
    await using pool = createPool({ processes });
    expect(pool.size).toBe(processes);
    const counts = [10, 20, 30].map((n) => range(n).count().run({ pool, chunkSize: 3, tmpDir }));
    expect(await Promise.all(counts)).toEqual([10, 20, 30]);
  });

  it.each([0, 2])(
    'of %d processes that was never used can be closed, and refuses runs then',
    async (processes) => {
      const pool = createPool({ processes });
      await pool.close();
      await expect(range(10).count().run({ pool })).rejects.toThrow('This pool is closed');
    },
  );
});

describe('The tmpDir of a pool', () => {
  const sorted = range(60_000)
    .map((n) => `${(n * 7919) % 60_000}`.padStart(40, '0'))
    .sortBy((text) => text);

  it.each([0, 1])('is where its runs make their directories, in %d processes', async (processes) => {
    await using pool = createPool({ processes, tmpDir });
    const seen: string[] = [];
    const progress = (): void => void seen.push(...readdirSync(tmpDir));
    expect(await sorted.count().run({ pool, chunkSize: 30_000, progress, tmpDir: '/nowhere' })).toBe(60_000);
    expect(seen[0]).toMatch(/^forkfold-/);
    expect(readdirSync(tmpDir)).toEqual([]);
  });

  it('serves runs that spill under permissions', async () => {
    await using pool = createPool({ processes: 1, permissions: true, tmpDir, memoryLimit: 32 });
    expect(await sorted.first().run({ pool })).toBe(''.padStart(40, '0'));
    expect(await sorted.first().run({ pool, checkpoint: join(tmpDir, 'forkfold-checkpoint') })).toBe(
      ''.padStart(40, '0'),
    );
    expect(readdirSync(tmpDir)).toEqual([]);
  });

  it('bounds the checkpoints of runs under permissions', async () => {
    await using pool = createPool({ processes: 1, permissions: true, tmpDir });
    for (const checkpoint of [join(tmpDir, 'checkpoint'), join(tmpDir, 'forkfold-x', '..', 'y')]) {
      const run = range(3).count().run({ pool, checkpoint });
      await expect(run).rejects.toThrow(
        /may not write to the checkpoint .*: run without the pool, or choose a path/,
      );
      await expect(run).rejects.toBeInstanceOf(OptionError);
      expect(() => range(3).stream({ pool, checkpoint })).toThrow(OptionError);
    }
    expect(readdirSync(tmpDir)).toEqual([]);
  });
});
