import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OwnedDirectory } from '../../src/disk/owned-directory.js';
import { ownIdentity, parseIdentity } from '../../src/disk/process-identity.js';
import { runDirectory } from '../../src/disk/own-run-directory.js';
import { openRunDirectory } from '../../src/disk/run-directory.js';
import { SourceError } from '../../src/errors.js';

const dead = { ...ownIdentity(), pid: 2 ** 30, started: '1' };
let tmpDir: string;

beforeEach(async () => {
  tmpDir = await mkdtemp(join(tmpdir(), 'run-directory-'));
});

afterEach(async () => {
  await rm(tmpDir, { recursive: true, force: true });
});

describe('the directory of a run', () => {
  it('has a name of its own, and is not there', async () => {
    const [one, two] = [runDirectory(tmpDir), runDirectory(tmpDir)];
    expect(one.path).not.toBe(two.path);
    for (const { path, owner } of [one, two]) {
      expect(path.slice(tmpDir.length)).toMatch(/^.forkfold-[0-9a-f]{24}$/);
      expect(owner).toEqual(ownIdentity());
    }
    expect(await readdir(tmpDir)).toEqual([]);
    await Promise.all([one.remove(), two.remove()]);
  });

  it('is there once anybody needs it, names its owner, and is removed with what it holds', async () => {
    const directory = runDirectory(tmpDir);
    directory.ensure();
    expect(lstatSync(directory.path).mode & 0o777).toBe(0o700);
    expect(parseIdentity(await readFile(join(directory.path, 'owner'), 'utf8'))).toEqual(ownIdentity());
    await writeFile(join(directory.path, 'file'), '');
    directory.ensure();
    expect((await readdir(directory.path)).sort()).toEqual(['file', 'owner']);
    await directory.remove();
    expect(await readdir(tmpDir)).toEqual([]);
  });

  it('is made by a child in the name of its parent', async () => {
    const { path } = runDirectory(tmpDir);
    const inChild = openRunDirectory(JSON.parse(JSON.stringify({ path, owner: dead })) as OwnedDirectory);
    inChild.ensure();
    inChild.ensure();
    expect(parseIdentity(await readFile(join(path, 'owner'), 'utf8'))).toEqual(dead);
  });

  it('that a child has made is removed by its parent', async () => {
    const directory = runDirectory(tmpDir);
    openRunDirectory({ path: directory.path, owner: dead }).ensure();
    expect(existsSync(directory.path)).toBe(true);
    directory.mayBeMade();
    await directory.remove();
    expect(await readdir(tmpDir)).toEqual([]);
  });

  it.each(['remove', 'removeNow'] as const)('is not made again after %s', async (end) => {
    const directory = runDirectory(tmpDir);
    const inTask = openRunDirectory({ path: directory.path, owner: directory.owner });
    await directory[end]();
    for (const { ensure } of [directory, inTask]) expect(ensure).toThrow('has ended');
    expect(await readdir(tmpDir)).toEqual([]);
  });

  it('is removed at once when the process is about to exit', async () => {
    const directory = runDirectory(tmpDir);
    directory.ensure();
    writeFileSync(join(directory.path, 'file'), '');
    directory.removeNow();
    expect(await readdir(tmpDir)).toEqual([]);
  });
});

describe('a tmpDir', () => {
  it.each(['none', 'file'])('that is no directory (%s) is refused before any work', async (name) => {
    await writeFile(join(tmpDir, 'file'), '');
    const path = join(tmpDir, name);
    for (let tries = 0; tries < 2; tries += 1) {
      expect(() => runDirectory(path)).toThrow(SourceError);
      expect(() => runDirectory(path)).toThrow(`tmpDir ${path} cannot be written to: `);
    }
  });

  it('that is gone by the time a file is needed is an error then, with the same words', async () => {
    const directory = runDirectory(tmpDir);
    await directory.remove();
    const later = runDirectory(tmpDir);
    rmSync(tmpDir, { recursive: true });
    expect(later.ensure).toThrow(SourceError);
    expect(later.ensure).toThrow(`tmpDir ${tmpDir} cannot be written to: ENOENT`);
    expect(later.ensure).toThrow(expect.objectContaining({ file: later.path }));
    await later.remove();
  });

  it('is looked at again after ten minutes only', async () => {
    const orphan = join(tmpDir, 'forkfold-orphan');
    const isSweptAt = async (time: number): Promise<boolean> => {
      await mkdir(orphan, { recursive: true });
      await writeFile(join(orphan, 'owner'), JSON.stringify(dead));
      await runDirectory(tmpDir, time).remove();
      return !existsSync(orphan);
    };
    expect(await isSweptAt(0)).toBe(true);
    expect(await isSweptAt(0)).toBe(false);
    expect(await isSweptAt(599_999)).toBe(false);
    expect(await isSweptAt(600_000)).toBe(true);
    expect(await isSweptAt(600_000)).toBe(false);
  });

  it('is swept of nothing that a run under way has made', async () => {
    const first = runDirectory(tmpDir, 0);
    first.ensure();
    await runDirectory(tmpDir, 600_000).remove();
    expect(existsSync(first.path)).toBe(true);
    await first.remove();
  });
});
