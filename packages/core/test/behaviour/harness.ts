import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { createPool, type Pool, type RunOptions } from '@forkfold/core';

if (!existsSync(new URL('../../dist/index.js', import.meta.url))) {
  throw new Error('build first: npm run build');
}

export interface Harness {
  /** Two warm children, shared by the tests of a file. */
  readonly pool: Pool;
  /** Where the runs of a file make their directories; in the end none may be left. */
  readonly tmpDir: string;
  /** Options for a run in 0, 1 or 2 processes, of warm pools. */
  options(processes: number, more?: RunOptions): RunOptions;
  /** A path in `tmpDir` that no test has had before. */
  fresh(): string;
}

/** Pools and a directory for the tests of a file; in the end it looks for what they have left behind. */
export function harness(): Harness {
  const pools = [0, 1, 2].map((processes) => createPool({ processes }));
  let tmpDir = '';
  let number = 0;
  beforeAll(async () => {
    tmpDir = await mkdtemp(join(tmpdir(), 'forkfold-test-'));
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    const left = (await readdir(tmpDir)).filter((name) => name.startsWith('forkfold-'));
    await rm(tmpDir, { recursive: true });
    expect(left).toEqual([]);
  });
  return {
    pool: pools[2]!,
    get tmpDir() {
      return tmpDir;
    },
    options: (processes, more = {}) => ({ pool: pools[processes], tmpDir, ...more }),
    fresh: () => join(tmpDir, `fresh-${number++}`),
  };
}

/** What a promise rejects with. */
export async function caught(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Expected a rejection, got ${String(value)}`);
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** Runs a fixture as a program of its own; rejects if it fails, or does not end by itself within a minute. */
export async function program(
  name: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): Promise<string> {
  const argv = [...flags, fixture(name), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, argv, {
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  return stdout;
}

/** Waits until a condition holds, for ten seconds at most. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !condition(); tries += 1) await sleep(10);
  expect(condition()).toBe(true);
}
