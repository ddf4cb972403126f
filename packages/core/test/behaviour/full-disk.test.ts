import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { range } from '@forkfold/core';
import { fixture } from './harness.js';

let [root, full, roomy] = ['', '', ''];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'full-disk-test-'));
  [full, roomy] = [join(root, 'full'), join(root, 'roomy')];
  await Promise.all([mkdir(full), mkdir(roomy)]);
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

/** What a run says for which nothing below a directory has room, or journals for so many bytes only. */
async function run(options: object, below = full, bytes = 0): Promise<string> {
  const argv = ['--import', fixture('full-disk.mjs'), fixture('full-parent.mjs'), JSON.stringify(options)];
  const env = { ...process.env, FULL_DISK: below, FULL_DISK_BYTES: `${bytes}` };
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
  return stdout.trimEnd();
}

describe('a disk that is full from the beginning', () => {
  it.each<[string, () => { what: string; where: string; remedy: string; options: object }]>([
    [
      'of tmpDir',
      () => {
        const options = { tmpDir: full, spills: true };
        return { where: full, what: 'temporary data', remedy: 'set tmpDir', options };
      },
    ],
    [
      'of the output',
      () => {
        const out = join(full, 'below', 'out');
        const options = { tmpDir: roomy, writeTo: out };
        return { where: out, what: 'its parts', remedy: 'write to another disk', options };
      },
    ],
    [
      'of the checkpoint',
      () => {
        const checkpoint = join(full, 'checkpoint');
        const options = { tmpDir: roomy, checkpoint };
        return {
          where: checkpoint,
          what: 'its files',
          remedy: 'move the checkpoint to another disk',
          options,
        };
      },
    ],
  ])('%s is an error that names it, and nothing is left', async (_, make) => {
    const { where, what, remedy, options } = make();
    const text = `No space left in ${where} after 0 bytes of ${what}: free space or ${remedy}`;
    expect(await run(options)).toBe(`SourceError: ${text}`);
    expect(await readdir(full)).toEqual([]);
    expect(await readdir(roomy)).toEqual([]);
  });

  it('of a checkpoint that has room for its plan alone is an error, and the next run goes on', async () => {
    const options = { tmpDir: roomy, checkpoint: full };
    const text = `No space left in ${full} after 0 bytes of its files: free space or move the checkpoint to another disk`;
    expect(await run(options, join(full, 'run'))).toBe(`SourceError: ${text}`);
    expect(await readdir(full)).toEqual(['plan.json']);
    expect(await run(options, roomy, 1e6)).toBe('done');
  });

  it('that a checkpoint lies on is named by the children, too', async () => {
    const tmpDir = roomy;
    const checkpoint = join(roomy, 'checkpoint');
    const execArgv = ['--import', fixture('full-disk.mjs')];
    const env = { FULL_DISK_BYTES: '5' };
    const spilling = range(2e5)
      .map((n) => `${n}`)
      .sortBy((text) => text);
    await expect(
      spilling.count().run({ processes: 1, chunkSize: 1e5, tmpDir, checkpoint, execArgv, env }),
    ).rejects.toThrow(
      `No space left in ${join(checkpoint, 'run')} after 5 bytes of temporary data: free space or move the checkpoint to another disk`,
    );
  });
});

it('removes the directory of a run that could not even write whose it is, once it is old', async () => {
  for (const [name, age] of [
    ['old', 2],
    ['new', 0],
  ] as const) {
    const directory = join(roomy, `forkfold-${name}`);
    await mkdir(directory);
    await writeFile(join(directory, 'owner'), '');
    const then = Date.now() / 1000 - age * 3600;
    await utimes(directory, then, then);
  }
  await range(3).count().run({ processes: 0, tmpDir: roomy });
  expect(await readdir(roomy)).toEqual(['forkfold-new']);
});
