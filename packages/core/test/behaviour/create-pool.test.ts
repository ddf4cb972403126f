import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPool, OptionError, range, type Pool } from '@forkfold/core';
import { caught, directories, harness, isAlive, until } from './harness.js';

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

describe('A child that starts while its run is aborted', () => {
  /** Options of a run in one child, which says its pid in a file and starts once there is another file. */
  const slow = (): { told: string; go: string; execArgv: string[] } => {
    const [told, go] = [join(place.root, 'told'), join(place.root, 'go')];
    const code = `import fs from 'node:fs'; fs.writeFileSync('${told}.new', String(process.pid)); fs.renameSync('${told}.new', '${told}');
      while (!fs.existsSync('${go}')) await new Promise((resolve) => setTimeout(resolve, 5));`;
    return { told, go, execArgv: ['--import', `data:text/javascript,${encodeURIComponent(code)}`] };
  };
  const abortOnce = async (told: string, pool?: Pool, execArgv: string[] = []): Promise<number> => {
    const controller = new AbortController();
    const options = { ...(pool ? { pool } : { processes: 1, execArgv }), tmpDir, signal: controller.signal };
    const run = caught(range(1).count().run(options));
    await until(() => existsSync(told));
    controller.abort('enough');
    expect(await run).toBe('enough');
    return Number(readFileSync(told, 'utf8'));
  };

  it('is there for the next run of its pool', async () => {
    const { told, go, execArgv } = slow();
    await using pool = createPool({ processes: 1, execArgv });
    const pid = await abortOnce(told, pool);
    writeFileSync(go, '');
    expect(await range(1).map(() => process.pid).toArray().run({ pool, tmpDir })).toEqual([pid]); // prettier-ignore
  });

  it('ends with its pool, or with the run whose own it is', async () => {
    const { told, execArgv } = slow();
    const pool = createPool({ processes: 1, execArgv });
    const pid = await abortOnce(told, pool);
    await pool.close();
    expect(isAlive(pid)).toBe(false);
    rmSync(told);
    expect(isAlive(await abortOnce(told, undefined, execArgv))).toBe(false);
  });
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
