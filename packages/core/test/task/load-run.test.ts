import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadRun, type LoadedRun } from '../../src/task/load-run.js';

let root: string;
let number = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'load-run-'));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

const load = (path: string): Promise<LoadedRun> => loadRun(path, new Promise(() => undefined));

/** The directory of a run, with the description of its first stage. */
async function newRun(): Promise<{ directory: string; path: string }> {
  const directory = join(root, `run-${number++}`);
  await mkdir(directory);
  const path = join(directory, 'run-0');
  await writeFile(path, serialize({ calls: [], functions: [] }));
  return { directory, path };
}

describe('a run', () => {
  it('is loaded once, though others take turns with it', async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, newRun));
    const first = await Promise.all(runs.map(({ path }) => load(path)));
    for (const [i, { path }] of runs.entries()) expect(await load(path)).toBe(first[i]);
  });

  it('is forgotten when many others were used since', async () => {
    const { path } = await newRun();
    const first = await load(path);
    for (let i = 0; i < 8; i += 1) await load((await newRun()).path);
    expect(await load(path)).not.toBe(first);
  });

  it('is forgotten when it is over and another one begins', async () => {
    const { directory, path } = await newRun();
    await load(path);
    await rm(directory, { recursive: true });
    await load((await newRun()).path);
    await expect(load(path)).rejects.toThrow('ENOENT');
  });

  it('keeps one of its stages only', async () => {
    const { directory, path } = await newRun();
    const first = await load(path);
    const next = join(directory, 'run-1');
    await writeFile(next, serialize({ calls: [], functions: [] }));
    await load(next);
    expect(await load(path)).not.toBe(first);
  });

  it('that could not be loaded is loaded anew', async () => {
    const { path } = await newRun();
    await rm(path);
    await expect(load(path)).rejects.toThrow('ENOENT');
    await writeFile(path, serialize({ calls: [], functions: [] }));
    expect(await load(path)).toMatchObject({ functions: [] });
  });
});
