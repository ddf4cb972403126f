import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { range, type Dataset } from '@forkfold/core';
import { harness } from './harness.js';

const { threeShuffles } = (await import(new URL('../fixtures/built-once.job.mjs', import.meta.url).href)) as {
  threeShuffles(numbers: Dataset<number>, ballast: Uint8Array, marker: string): Dataset<[number, number]>;
};

const shared = harness();

describe('the description of a run with three shuffles', () => {
  /** Runs the job in two fresh children; says how often it was built, and what lay in the run's directory. */
  async function run(bytes: number): Promise<{ built: number[]; files: Map<string, number> }> {
    const marker = shared.fresh();
    const files = new Map<string, number>();
    const looks: Promise<void>[] = [];
    const look = async (): Promise<void> => {
      for (const directory of (await readdir(shared.tmpDir)).filter((name) => name.startsWith('forkfold-'))) {
        for (const name of await readdir(join(shared.tmpDir, directory))) {
          files.set(name, (await stat(join(shared.tmpDir, directory, name))).size);
        }
      }
    };
    const result = await threeShuffles(range(1000), new Uint8Array(bytes), marker)
      .sortBy(([key]) => key)
      .toArray()
      .run({
        processes: 2,
        tmpDir: shared.tmpDir,
        progress: () => void looks.push(look().catch(() => undefined)),
      });
    await Promise.all(looks);
    expect(result.map(([key]) => key)).toEqual([0, 1]);
    const lines = readFileSync(marker, 'utf8').trimEnd().split('\n');
    const children = lines.filter((line) => !line.startsWith(`${process.pid} `));
    expect(lines.every((line) => line.endsWith(` ${bytes}`))).toBe(true);
    const pids = new Set(children.map((line) => line.split(' ')[0]));
    return {
      built: [...pids].map((pid) => children.filter((line) => line.startsWith(`${pid} `)).length),
      files,
    };
  }

  it('is written once where its argument is large, and each child reads and builds it once', async () => {
    const bytes = 20 * 2 ** 20;
    const { built, files } = await run(bytes);
    expect(built.length).toBeGreaterThan(0);
    expect(built.every((count) => count === 1)).toBe(true);
    const large = [...files].filter(([, size]) => size > 2 ** 20);
    expect(large).toEqual([['run', expect.any(Number)]]);
    expect(files.get('run')).toBeLessThan(bytes * 1.01);
  });

  it('is sent to each child where it is small, and nothing is written', async () => {
    const { built, files } = await run(1000);
    expect(built.every((count) => count === 1)).toBe(true);
    expect([...files]).toEqual([]);
  });
});
