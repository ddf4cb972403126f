import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createPool, from } from '@forkfold/core';
import { runDirectory, type OwnRunDirectory } from '@forkfold/core/engine';
import { permissionFlags } from '../../src/pool/permission-flags.js';
import { fixture } from './harness.js';

let tmpDir: string;

beforeEach(async () => {
  tmpDir = await mkdtemp(join(tmpdir(), 'run-directories-test-'));
});

afterEach(async () => {
  await rm(tmpDir, { recursive: true });
});

/** A child that makes the directories it is told of, and says how that went. */
async function child(flags: readonly string[] = [], env: object = {}) {
  const program = spawn(process.execPath, [...flags, fixture('run-directories.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    pid: program.pid!,
    make: (directories: readonly OwnRunDirectory[]) =>
      program.stdin.end(`${JSON.stringify(directories.map(({ path, owner }) => ({ path, owner })))}\n`),
    outcome: async (): Promise<unknown> => (await lines.next()).value,
  };
}

it.each([0, 1])('a run that spills nothing makes none, in %d processes', async (processes) => {
  const names = async (path: string): Promise<string[]> => {
    const { readdirSync } = await import('node:fs');
    return readdirSync(path);
  };
  await using pool = createPool({ processes, tmpDir });
  const listed = from([tmpDir, tmpDir]).mapAsync(names);
  for (let runs = 0; runs < 2; runs += 1) {
    expect(await listed.toArray().run({ pool, chunkSize: 1 })).toEqual([[], []]);
    expect([...(await listed.countByValue().toMap().run({ pool, chunkSize: 1 }))]).toEqual([[[], 2]]);
  }
});

it.each([
  ['', false],
  [', though they may write nowhere else', true],
])('children make the same directories at the same time%s', async (_, isConfined) => {
  const flags = isConfined ? permissionFlags(tmpDir) : [];
  const children = await Promise.all([child(flags), child(flags), child(flags)]);
  const directories = Array.from({ length: 200 }, () => runDirectory(tmpDir));
  for (const { make } of children) make(directories);
  for (const { outcome } of children) expect(await outcome()).toBe('done');
  const names = ['owner', ...children.map(({ pid }) => `${pid}`)].sort();
  for (const { path, owner, mayBeMade, remove } of directories) {
    mayBeMade();
    expect((await readdir(path)).sort()).toEqual(names);
    expect(JSON.parse(await readFile(join(path, 'owner'), 'utf8'))).toEqual(owner);
    await remove();
  }
  expect(await readdir(tmpDir)).toEqual([]);
});

it('a full disk is an error that names it, and the parent removes what there is', async () => {
  const { make, outcome } = await child(['--import', fixture('full-disk.mjs')], {
    FULL_DISK: tmpDir,
    FULL_DISK_BYTES: '5',
  });
  const directory = runDirectory(tmpDir);
  make([directory]);
  expect(await outcome()).toBe(
    `SourceError: No space left in ${tmpDir} after 0 bytes of temporary data: free space or set tmpDir`,
  );
  directory.mayBeMade();
  await directory.remove();
  expect(await readdir(tmpDir)).toEqual([]);
});
