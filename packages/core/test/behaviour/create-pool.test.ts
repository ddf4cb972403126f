import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

if (!existsSync(new URL('../../dist/index.js', import.meta.url)))
  throw new Error('build first: npm run build');
const { createPool, OptionError, range } = await import('@forkfold/core');

describe('A pool', () => {
  it('checks its options at once, before anything is loaded', () => {
    expect(() => createPool({ processes: -1 })).toThrow(OptionError);
  });

  it.each([0, 2])('of %d processes serves several runs at once', async (processes) => {
    await using pool = createPool({ processes });
    expect(pool.size).toBe(processes);
    const counts = [10, 20, 30].map((n) => range(n).count().run({ pool, chunkSize: 3 }));
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
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'create-pool-test-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });
  const sorted = range(60_000)
    .map((n) => `${(n * 7919) % 60_000}`.padStart(40, '0'))
    .sortBy((text) => text);

  it.each([0, 1])('is where its runs make their directories, in %d processes', async (processes) => {
    await using pool = createPool({ processes, tmpDir: root });
    const seen: string[] = [];
    const progress = (): void => void seen.push(...readdirSync(root));
    expect(await sorted.count().run({ pool, chunkSize: 30_000, progress, tmpDir: '/nowhere' })).toBe(60_000);
    expect(seen[0]).toMatch(/^forkfold-/);
    expect(await readdir(root)).toEqual([]);
  });

  it('serves runs that spill under permissions', async () => {
    await using pool = createPool({ processes: 1, permissions: true, tmpDir: root, memoryLimit: 32 });
    expect(await sorted.first().run({ pool })).toBe(''.padStart(40, '0'));
    expect(await sorted.first().run({ pool, checkpoint: join(root, 'forkfold-checkpoint') })).toBe(
      ''.padStart(40, '0'),
    );
    expect(await readdir(root)).toEqual([]);
  });

  it('bounds the checkpoints of runs under permissions', async () => {
    await using pool = createPool({ processes: 1, permissions: true, tmpDir: root });
    for (const checkpoint of [join(root, 'checkpoint'), join(root, 'forkfold-x', '..', 'y')]) {
      const run = range(3).count().run({ pool, checkpoint });
      await expect(run).rejects.toThrow(
        /may not write to the checkpoint .*: run without the pool, or choose a path/,
      );
      await expect(run).rejects.toBeInstanceOf(OptionError);
      expect(() => range(3).stream({ pool, checkpoint })).toThrow(OptionError);
    }
    expect(await readdir(root)).toEqual([]);
  });
});
