import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { range } from '@forkfold/core';
import { fixture, isAlive, program, until } from './harness.js';

let tmpDir: string;
/** Those of a test that has failed may be alive. */
const parents: ChildProcess[] = [];

beforeEach(async () => {
  tmpDir = await mkdtemp(join(tmpdir(), 'left-behind-'));
});

afterEach(async () => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  await rm(tmpDir, { recursive: true });
});

/** A program whose run has a directory, and whose two children are held up for ever, synchronously. */
async function startLongRun(...args: string[]): Promise<{ parent: ChildProcess; children: number[] }> {
  return start('long-run.mjs', ...args);
}

/** How a child hears of its parent's end: from the kernel where setpriv is on the path, else by watching it. */
const guards = [
  ['by the death signal', process.env.PATH],
  ['by their own watch', ''],
] as const;

let path = process.env.PATH;

afterEach(() => {
  path = process.env.PATH;
});

async function start(name: string, ...args: string[]): Promise<{ parent: ChildProcess; children: number[] }> {
  const parent = spawn(process.execPath, [fixture(name), tmpDir, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path },
  });
  parents.push(parent);
  const children: number[] = [];
  let text = '';
  parent.stdout.on('data', (data: Buffer) => (text += data.toString()));
  while (children.length < 2) {
    children.splice(0, 2, ...(text.match(/\d+(?=\n)/g) ?? []).map(Number));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { parent, children };
}

async function allGone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (pids.some(isAlive) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(pids.filter(isAlive)).toEqual([]);
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends a program whose pool is idle as if there was none',
  async (signal) => {
    const { parent, children } = await start('idle-pool.mjs');
    parent.kill(signal);
    expect(await once(parent, 'exit')).toEqual([null, signal]);
    await allGone(children);
  },
);

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s stops the children, removes the files and exits with %d', async (signal, code) => {
  const { parent, children } = await startLongRun();
  expect(await readdir(tmpDir)).toHaveLength(1);
  let complaints = '';
  parent.stderr!.on('data', (data: Buffer) => (complaints += data.toString()));
  parent.kill(signal);
  expect(await once(parent, 'exit')).toEqual([code, null]);
  await allGone(children);
  expect(await readdir(tmpDir)).toEqual([]);
  expect(complaints).toBe('');
});

it('a second Ctrl-C ends at once', async () => {
  const { parent, children } = await startLongRun('slow-return');
  expect(await readdir(tmpDir)).toHaveLength(1);
  parent.kill('SIGINT');
  // The first one is being obeyed, and waits for the source.
  expect(String(await once(parent.stderr!, 'data'))).toBe('returning\n');
  expect(parent.exitCode).toBeNull();
  parent.kill('SIGINT');
  expect(await once(parent, 'exit')).toEqual([130, null]);
  await allGone(children);
  expect(await readdir(tmpDir)).toEqual([]);
});

describe('runs at the same time', () => {
  it('share their listeners, and leave none', async () => {
    expect(await program('many-runs.mjs', [tmpDir])).toBe(
      `${JSON.stringify(Array.from({ length: 12 }, () => 20))}\n[0,0,0,0]\n`,
    );
  });

  it('are all stopped by Ctrl-C', async () => {
    const { parent, children } = await start('many-runs.mjs', 'forever');
    await until(() => readdirSync(tmpDir).length === 12);
    parent.kill('SIGINT');
    expect(await once(parent, 'exit')).toEqual([130, null]);
    await allGone(children);
    expect(await readdir(tmpDir)).toEqual([]);
  });
});

it('a program with a listener of its own decides what a signal is for', async () => {
  const { parent, children } = await start('many-runs.mjs', 'forever', 'listening');
  parent.kill('SIGHUP');
  expect(await once(parent, 'exit')).toEqual([7, null]);
  await allGone(children);
  expect(await readdir(tmpDir)).toEqual([]);
});

it.each(guards)('busy children end when the thread that started them is terminated, %s', async (_, PATH) => {
  path = PATH;
  const { parent, children } = await start('run-in-thread.mjs');
  parent.stdin!.write('terminate');
  // Nobody is left to take note of their ends, so they stay as zombies.
  const states = (): string => spawnSync('ps', ['-o', 'stat=', '-p', children.join()]).stdout.toString();
  await until(() => !/^[^Z\s]/m.test(states()));
  expect(parent.exitCode).toBeNull();
  parent.stdin!.end();
  expect(await once(parent, 'exit')).toEqual([0, null]);
});

describe('after a kill -9 of the parent', () => {
  it.each(guards)('busy children end %s, and the next run removes the directory', async (_, PATH) => {
    path = PATH;
    const { parent, children } = await startLongRun();
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await allGone(children);
    expect(await readdir(tmpDir)).toHaveLength(1);
    await range(3).count().run({ processes: 0, tmpDir });
    expect(await readdir(tmpDir)).toEqual([]);
  });

  it('the directory of a live run stays, and so does what is not forkfold’s', async () => {
    const { parent, children } = await startLongRun();
    await mkdir(join(tmpDir, 'forkfold-of-another-kind'));
    await writeFile(join(tmpDir, 'forkfold-file'), '');
    await range(3).count().run({ processes: 0, tmpDir });
    expect(await readdir(tmpDir)).toHaveLength(3);
    parent.kill('SIGINT');
    await once(parent, 'exit');
    await allGone(children);
  });

  it('a directory is not taken for a live one because its pid was given to another process', async () => {
    const directory = join(tmpDir, 'forkfold-reused');
    await mkdir(directory);
    await writeFile(join(directory, 'owner'), JSON.stringify({ pid: process.ppid, started: 'long ago' }));
    const empty = join(tmpDir, 'forkfold-empty');
    await mkdir(empty);
    await utimes(empty, 0, 0);
    await range(3).count().run({ processes: 0, tmpDir });
    expect(await readdir(tmpDir)).toEqual([]);
  });
});
