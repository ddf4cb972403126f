import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { createPool, type Pool, type RunOptions } from '@forkfold/core';

export interface Harness {
  /** Two warm children, shared by the tests of a file. */
  readonly pool: Pool;
  /** Where the runs of a file make their directories; in the end none may be left. */
  readonly tmpDir: string;
  /** Options for a run in 0, 1 or 2 processes, of warm pools. */
  options(processes: number, more?: RunOptions): RunOptions;
  /**
   * The budget in bytes of a task's tables and of what travels in memory, in `options` from now on: at 1 every keyed verb
   * and every result spills, and splits as deep as it goes. Forkfold's own where it is undefined.
   */
  budget: number | undefined;
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
  const made: Harness = {
    pool: pools[2]!,
    budget: undefined,
    get tmpDir() {
      return tmpDir;
    },
    options: (processes, more = {}) => ({ pool: pools[processes], tmpDir, ...budgetOf(made), ...more }),
    fresh: () => join(tmpDir, `fresh-${number++}`),
  };
  return made;
}

/** The option that only tests know. */
export function budgetOf({ budget }: Pick<Harness, 'budget'>): RunOptions {
  return (budget === undefined ? {} : { shuffleMemory: budget }) as RunOptions;
}

export interface Directories {
  /** A directory of the test that is running. */
  readonly root: string;
  /** In `root`, for the runs of the test; it must be empty in the end. */
  readonly tmpDir: string;
  /** Options for a run there in 0, 1 or 2 processes, of the warm pools. */
  options(processes: number, more?: RunOptions): RunOptions;
}

/** New directories for each test; after it, it looks for what runs have left in them. */
export function directories({ options }: Harness): Directories {
  const names = {
    root: '',
    tmpDir: '',
    options: (processes: number, more?: RunOptions) => options(processes, { tmpDir: names.tmpDir, ...more }),
  };
  beforeEach(async () => {
    names.root = await mkdtemp(join(tmpdir(), 'test-of-'));
    names.tmpDir = join(names.root, 'tmp');
    await mkdir(names.tmpDir);
  });
  afterEach(async () => {
    const left = (await readdir(names.root)).filter((name) => name.includes('forkfold-'));
    left.push(...(await readdir(names.tmpDir)));
    await rm(names.root, { recursive: true });
    expect(left).toEqual([]);
  });
  return names;
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
  return (await node([...flags, fixture(name), ...args])).stdout;
}

/** Runs a text as a program that can import forkfold by its name, as `program` does a fixture. */
export async function script(text: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return node(['--input-type=module', '--eval', text, ...args]);
}

async function node(argv: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, argv, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    // jest gives each file an environment of its own.
    env: process.env,
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until a condition holds, for ten seconds at most. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !condition(); tries += 1) await sleep(10);
  expect(condition()).toBe(true);
}
