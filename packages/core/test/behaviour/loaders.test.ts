import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { range } from '@forkfold/core';
import { fixture, harness, program } from './harness.js';

const shared = harness();

beforeAll(async () => {
  process.env.LOADER_CACHE = shared.fresh();
  await mkdir(process.env.LOADER_CACHE);
});
afterAll(() => {
  delete process.env.LOADER_CACHE;
});

it('a job in a .ts file, run under a loader flag, reaches the children, and so do source maps and conditions', async () => {
  const register = fixture('loader/register.mjs');
  const flags = ['--import', register, '--enable-source-maps', '--conditions=proof', '--no-deprecation'];
  const output = JSON.parse(await program('loader/main.ts', [], flags)) as Record<string, unknown>;
  expect(output).toMatchObject({ numbers: [0, 3, 6], flags, isRestored: true });
  expect(output.stack).toContain(`triple.job.ts:${throwLine('loader/triple.job.ts')}:`);
});

/** The line of a fixture that says that it throws. */
function throwLine(name: string): number {
  const lines = readFileSync(fixture(name), 'utf8').split('\n');
  return 1 + lines.findIndex((text) => text.includes('// the line of the throw'));
}

it('an inline function keeps its file and line, and what it imports, under source maps', async () => {
  const flags = ['--import', fixture('loader/register.mjs'), '--enable-source-maps'];
  const output = JSON.parse(await program('loader/inline.ts', [], flags)) as Record<string, unknown>;
  expect(output.stack).toContain(`loader/inline.ts:${throwLine('loader/inline.ts')}:`);
  expect(output.imported).toEqual([['n', 'triple']]);
});

it.each([
  ['of an odd name', [], []],
  ['of an odd name, under source maps', [], ['--enable-source-maps']],
  ["of an odd name, whatever the program's own prepareStackTrace gives", ['own'], []],
])(
  'an inline function keeps its file and line, and what it imports, in a folder %s',
  async (_, args, flags) => {
    const output = JSON.parse(await program('odd (place)/inline.mjs', args, flags)) as Record<
      string,
      unknown
    >;
    expect(output.stack).toContain(`odd%20(place)/inline.mjs:${throwLine('odd (place)/inline.mjs')}:`);
    expect(output).toMatchObject({ imported: ['neighbour'], isKept: true });
  },
);

it('the flags of this process stay as they are', async () => {
  const { execArgv } = process;
  const copy = [...execArgv];
  await range(3)
    .count()
    .run({ processes: 1, execArgv: ['--no-warnings'], tmpDir: shared.tmpDir });
  expect(process.execArgv).toBe(execArgv);
  expect(execArgv).toEqual(copy);
});

it('a child has the execArgv and env of the options, besides those of this process', async () => {
  const options = {
    processes: 1,
    execArgv: ['--no-warnings'],
    env: { FORKFOLD_PROOF: 'é=1\n' },
    tmpDir: shared.tmpDir,
  };
  const [seen] = await range(1)
    .map(() => ({ flags: process.execArgv, proof: process.env.FORKFOLD_PROOF, path: process.env.PATH }))
    .toArray()
    .run(options);
  expect(seen!.flags).toContain('--no-warnings');
  expect(seen).toMatchObject({ proof: 'é=1\n', path: process.env.PATH });
});
