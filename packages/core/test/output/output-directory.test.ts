import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OutputDirectory } from '../../src/output/output-directory.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'forkfold-output-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function opened(directory: string, overwrite = false, digits = 5): Promise<OutputDirectory> {
  return OutputDirectory.open({ directory, overwrite, suffix: '.txt', digits });
}

async function addParts(output: OutputDirectory, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const path = join(output.attempts, `attempt-${i}`);
    await writeFile(path, String(i));
    await output.add({ path, records: 1, bytes: String(i).length });
  }
}

describe('an output directory', () => {
  it('is not there before it is complete', async () => {
    const output = await opened(join(root, 'out'));
    await addParts(output, 2);
    expect(await readdir(root)).toEqual([expect.stringMatching(/^\.out\.forkfold-/)]);
    const written = await output.commit();
    expect(await readdir(root)).toEqual(['out']);
    expect((await readdir(join(root, 'out'))).sort()).toEqual([
      '_SUCCESS',
      'part-00000.txt',
      'part-00001.txt',
    ]);
    expect(written).toEqual({
      directory: join(root, 'out'),
      files: ['part-00000.txt', 'part-00001.txt'].map((name) => join(root, 'out', name)),
      records: 2,
      bytes: 2,
    });
  });

  it('gives names more digits when there are too many parts, so that they still sort', async () => {
    const output = await opened(join(root, 'out'), false, 1);
    await addParts(output, 101);
    const { files } = await output.commit();
    expect(files).toEqual([...files].sort());
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(
      Array.from({ length: 101 }, (_, i) => String(i)),
    );
    expect(await readdir(join(root, 'out'))).toHaveLength(102);
  });

  it('numbers the parts of each directory, and gives them by the names of directories', async () => {
    const output = await opened(join(root, 'out'));
    for (const [i, directory] of ['x=b/y=1', 'x=a/y=1', 'x=b/y=1', 'x=B/y=1'].entries()) {
      const path = join(output.attempts, `attempt-${i}`);
      await writeFile(path, String(i));
      await output.add({ path, records: 1, bytes: 1, directory });
    }
    const { files } = await output.commit();
    // On a disk that does not tell `B` from `b`, no part takes the place of another.
    const names = ['x=B/y=1/part-00002', 'x=a/y=1/part-00000', 'x=b/y=1/part-00000', 'x=b/y=1/part-00001'];
    expect(files).toEqual(names.map((name) => join(root, 'out', `${name}.txt`)));
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(['3', '1', '0', '2']);

    await expect(opened(join(root, 'out'))).rejects.toThrow('exists already');
    await writeFile(join(root, 'out', 'x=a', 'y=1', 'notes'), '');
    await expect(opened(join(root, 'out'), true)).rejects.toThrow(
      `holds "${join('x=a', 'y=1', 'notes')}", which is no output of forkfold's`,
    );
    await rm(join(root, 'out', 'x=a', 'y=1', 'notes'));
    const next = await opened(join(root, 'out'), true);
    await addParts(next, 1);
    await next.commit();
    expect((await readdir(join(root, 'out'))).sort()).toEqual(['_SUCCESS', 'part-00000.txt']);
  });

  it('refuses directories of different columns', async () => {
    const output = await opened(join(root, 'out'));
    const part = async (name: string, directory: string): Promise<void> => {
      const path = join(output.attempts, name);
      await writeFile(path, '');
      await output.add({ path, records: 1, bytes: 0, directory });
    };
    await part('a', 'x=1');
    await expect(part('b', 'x=1/y=2')).rejects.toThrow(
      'partitionBy gave x, y for some records, and x for others',
    );
    await output.discard();
  });

  it('removes what it has made, and the directories on the way, when it is discarded', async () => {
    const output = await opened(join(root, 'a', 'b', 'out'));
    await addParts(output, 1);
    await output.discard();
    expect(await readdir(root)).toEqual([]);
  });

  it('keeps a directory on the way that somebody else has put something into', async () => {
    const output = await opened(join(root, 'a', 'b', 'out'));
    await writeFile(join(root, 'a', 'other'), '');
    await output.discard();
    expect(await readdir(join(root, 'a'))).toEqual(['other']);
  });

  it('keeps what it replaces until it is complete', async () => {
    const first = await opened(join(root, 'out'));
    await addParts(first, 3);
    await first.commit();
    const second = await opened(join(root, 'out'), true);
    await addParts(second, 1);
    expect(await readdir(join(root, 'out'))).toHaveLength(4);
    await second.commit();
    expect((await readdir(join(root, 'out'))).sort()).toEqual(['_SUCCESS', 'part-00000.txt']);
    expect(await readdir(root)).toEqual(['out']);
  });

  it('refuses to replace a directory that holds anything else', async () => {
    await writeFile(join(root, 'diary.txt'), 'dear');
    await expect(opened(root, true)).rejects.toThrow(/holds "diary.txt"/);
    expect(await readFile(join(root, 'diary.txt'), 'utf8')).toBe('dear');
  });

  it.each([
    'part-00000',
    'part-00000.txt~',
    'part-0.txt',
    'part-00000-4f1a.snappy.parquet',
    '_SUCCESS.old',
    '.DS_Store',
    'part-list',
    'part-00001.txt/',
  ])('refuses to replace a directory that holds %s, now or by the end', async (name) => {
    const put = async (): Promise<void> => {
      if (name.endsWith('/')) await mkdir(join(root, 'out', name));
      else await writeFile(join(root, 'out', name), 'dear');
    };
    await mkdir(join(root, 'out'));
    for (const known of ['_SUCCESS', 'part-00000.txt.gz', 'part-100000.jsonl']) {
      await writeFile(join(root, 'out', known), '');
    }
    const output = await opened(join(root, 'out'), true);
    await addParts(output, 1);
    await put();
    await expect(output.commit()).rejects.toThrow(/cannot be completed: by now it holds "/);
    await output.discard();
    await expect(opened(join(root, 'out'), true)).rejects.toThrow(/which is no output of forkfold's/);
    expect(await readdir(join(root, 'out'))).toHaveLength(4);
    expect(await readdir(root)).toEqual(['out']);
  });

  it('refuses a file, even with overwrite', async () => {
    await writeFile(join(root, 'out'), '');
    await expect(opened(join(root, 'out'), true)).rejects.toThrow(/is no directory/);
    await expect(opened(join(root, 'out', 'below'))).rejects.toThrow(/cannot be made/);
  });

  it('does not take a directory that appeared during the run', async () => {
    const output = await opened(join(root, 'out'));
    await addParts(output, 1);
    const other = await opened(join(root, 'out'));
    await addParts(other, 2);
    await other.commit();
    await expect(output.commit()).rejects.toThrow(/was made by something else during the run/);
    await output.discard();
    expect(await readdir(join(root, 'out'))).toHaveLength(3);
    expect(await readdir(root)).toEqual(['out']);
  });

  it('replaces what a link leads to', async () => {
    await mkdir(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, 'link'));
    const output = await opened(join(root, 'link'), true);
    await addParts(output, 1);
    await output.commit();
    expect((await readdir(join(root, 'real'))).sort()).toEqual(['_SUCCESS', 'part-00000.txt']);
    expect((await readdir(root)).sort()).toEqual(['link', 'real']);
  });

  it('refuses a link that leads nowhere', async () => {
    await symlink(join(root, 'nowhere'), join(root, 'link'));
    await expect(opened(join(root, 'link'))).rejects.toThrow(/is no directory/);
  });

  it('removes what a killed process has left of the same output, and nothing of a living one', async () => {
    const alive = await opened(join(root, 'out'));
    const dead = join(root, '.out.forkfold-dead');
    await mkdir(join(dead, 'attempts'), { recursive: true });
    await writeFile(join(dead, 'attempts', 'owner'), JSON.stringify({ pid: 2 ** 30, started: '1' }));
    await mkdir(join(root, '.other.forkfold-dead'));
    const output = await opened(join(root, 'out'));
    expect(existsSync(dead)).toBe(false);
    await alive.commit();
    await output.discard();
    expect((await readdir(root)).sort()).toEqual(['.other.forkfold-dead', 'out']);
  });

  it.each([true, false])(
    'brings back at once what a killed process was replacing; overwrite: %p',
    async (overwrite) => {
      const staging = join(root, '.out.forkfold-dead');
      await mkdir(join(`${staging}-replaced`, 'output'), { recursive: true });
      await writeFile(join(`${staging}-replaced`, 'output', 'part-00000.txt'), 'earlier');
      await writeFile(join(`${staging}-replaced`, 'owner'), JSON.stringify({ pid: 2 ** 30, started: '1' }));
      if (overwrite) await (await opened(join(root, 'out'), true)).discard();
      else await expect(opened(join(root, 'out'))).rejects.toThrow(/exists already/);
      expect(await readFile(join(root, 'out', 'part-00000.txt'), 'utf8')).toBe('earlier');
      expect(await readdir(root)).toEqual(['out']);
    },
  );

  it('leaves alone what a living process is replacing, and removes what it has replaced', async () => {
    for (const [id, owner] of [
      ['alive', { pid: process.pid, started: '' }],
      ['dead', { pid: 2 ** 30, started: '1' }],
    ] as const) {
      await mkdir(join(root, `.out.forkfold-${id}-replaced`, 'output'), { recursive: true });
      await writeFile(join(root, `.out.forkfold-${id}-replaced`, 'owner'), JSON.stringify(owner));
    }
    await mkdir(join(root, 'out'));
    await (await opened(join(root, 'out'), true)).discard();
    expect((await readdir(root)).sort()).toEqual(['.out.forkfold-alive-replaced', 'out']);
  });

  it('keeps a part in its place, too, where a checkpoint needs it', async () => {
    const output = await opened(join(root, 'out'));
    const path = join(root, 'kept');
    await writeFile(path, 'x');
    await output.add({ path, records: 1, bytes: 1 }, true);
    const { files } = await output.commit();
    expect(await readFile(files[0]!, 'utf8')).toBe('x');
    expect(await readFile(path, 'utf8')).toBe('x');
  });
});
