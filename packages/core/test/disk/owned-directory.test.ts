import { lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  makeOwned,
  markOwner,
  readOwner,
  removeUnused,
  sweep,
  writeOwner,
} from '../../src/disk/owned-directory.js';
import { ownIdentity } from '../../src/disk/process-identity.js';

const dead = { ...ownIdentity(), pid: 2 ** 30, started: '1' };
const twoHoursAgo = Date.now() / 1000 - 7200;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'owned-directory-'));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

describe('a directory', () => {
  it('is made for its owner alone, and names it', async () => {
    const path = join(root, 'made');
    makeOwned({ path, owner: dead });
    expect(lstatSync(path).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(path, 'owner')).mode & 0o777).toBe(0o600);
    expect(await readOwner(join(path, 'owner'))).toEqual(dead);
  });

  it.each([
    ['has not yet named its owner', undefined],
    ['has an empty name', ''],
    ['has a torn name', '{"pid":107'],
    ['names it already', JSON.stringify(dead)],
  ])('that another process has made, and that %s, is completed', async (_, text) => {
    const path = join(root, 'made');
    mkdirSync(path);
    if (text !== undefined) await writeFile(join(path, 'owner'), text);
    await writeFile(join(path, 'file'), 'kept');
    makeOwned({ path, owner: dead });
    expect(await readOwner(join(path, 'owner'))).toEqual(dead);
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('kept');
  });

  it.each<[string, (path: string) => void]>([
    ['a link to a directory', (path) => symlinkSync(root, path)],
    ['a link that leads nowhere', (path) => symlinkSync(join(root, 'nowhere'), path)],
  ])('is not made where %s is', async (_, put) => {
    const path = join(root, 'made');
    put(path);
    expect(() => makeOwned({ path, owner: dead })).toThrow('EEXIST');
    expect(await readdir(root)).toEqual(['made']);
  });

  it('is not made where a file is, or below nothing', async () => {
    await writeFile(join(root, 'file'), 'mine');
    expect(() => makeOwned({ path: join(root, 'file'), owner: dead })).toThrow('EEXIST');
    expect(() => makeOwned({ path: join(root, 'none', 'made'), owner: dead })).toThrow('ENOENT');
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('mine');
  });

  it('that this process has made for itself is marked', async () => {
    await markOwner(root);
    await writeOwner(join(root, 'lock'));
    for (const name of ['owner', 'lock']) expect(await readOwner(join(root, name))).toEqual(ownIdentity());
    expect(await readOwner(join(root, 'none'))).toBeUndefined();
  });
});

describe('a sweep', () => {
  const removed: string[] = [];
  const nameless: string[] = [];
  const swept = async (marked?: (path: string) => string): Promise<void> => {
    removed.splice(0);
    nameless.splice(0);
    await sweep({
      parent: root,
      prefix: 'x-',
      ...(marked && { marked }),
      remove: async (path) => {
        removed.push(path.slice(root.length + 1));
        if (path.endsWith('fails')) throw new Error('cannot be removed');
      },
      removeNameless: async (path) => {
        nameless.push(path.slice(root.length + 1));
      },
    });
  };
  const make = async (name: string, owner?: object | string): Promise<string> => {
    await mkdir(join(root, name), { recursive: true });
    const text = typeof owner === 'string' ? owner : JSON.stringify(owner);
    if (owner !== undefined) await writeFile(join(root, name, 'owner'), text);
    return join(root, name);
  };

  it('removes what dead processes have left, and goes on after one that it cannot remove', async () => {
    await make('x-alive', ownIdentity());
    await make('x-dead', dead);
    await make('x-fails', dead);
    await make('x-last', dead);
    await make('y-dead', dead);
    await swept();
    expect(removed.sort()).toEqual(['x-dead', 'x-fails', 'x-last']);
    expect(nameless).toEqual([]);
  });

  it('leaves links and files alone', async () => {
    await symlink(await make('dead', dead), join(root, 'x-link'));
    await writeFile(join(root, 'x-file'), '');
    await swept();
    expect(removed).toEqual([]);
  });

  it('gives a directory without a name an hour', async () => {
    for (const [name, text] of [
      ['x-none', undefined],
      ['x-empty', ''],
      ['x-torn', '{"pid"'],
    ] as const) {
      await make(`${name}-new`, text);
      await utimes(await make(`${name}-old`, text), twoHoursAgo, twoHoursAgo);
    }
    await swept();
    expect(removed).toEqual([]);
    expect(nameless.sort()).toEqual(['x-empty-old', 'x-none-old', 'x-torn-old']);
  });

  it('finds the name where it is told, and counts what was done there', async () => {
    for (const [name, owner] of [
      ['x-alive', ownIdentity()],
      ['x-dead', dead],
      ['x-used', undefined],
      ['x-unused', undefined],
    ] as const) {
      const path = await make(name);
      const attempts = await make(`${name}/attempts`, owner);
      if (name !== 'x-used') await utimes(attempts, twoHoursAgo, twoHoursAgo);
      await utimes(path, twoHoursAgo, twoHoursAgo);
    }
    await swept((path) => join(path, 'attempts'));
    expect(removed).toEqual(['x-dead']);
    expect(nameless).toEqual(['x-unused']);
  });

  it('finds nothing in a directory that is not there', async () => {
    await rm(root, { recursive: true });
    await swept();
    expect([removed, nameless]).toEqual([[], []]);
    await mkdir(root);
  });
});

it.each([
  ['nothing', {}, true],
  ['a name that was never written', { owner: '' }, true],
  ['a file of another kind', { owner: 'dear diary' }, false],
  ['anything else', { owner: '', data: 'mine' }, false],
])('a directory that holds %s is unused: removed %p', async (_, files, isRemoved) => {
  const path = join(root, 'made');
  await mkdir(path);
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  await removeUnused(path).catch(() => undefined);
  expect(await readdir(root)).toEqual(isRemoved ? [] : ['made']);
  if (!isRemoved) expect(await readdir(path)).toEqual(Object.keys(files).sort());
});
