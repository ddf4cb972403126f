import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { OptionError, SourceError } from '../../../src/errors.js';
import { checkPaths, expandPaths } from '../../../src/source/files/paths.js';
import { temporaryFiles } from '../temporary-files.js';

const { directory, write } = temporaryFiles();
for (const name of [
  'b.txt',
  'a.txt',
  'Z.txt',
  'ä.txt',
  'a/c.txt',
  'a/d/e.txt',
  'a.log',
  '.hidden.txt',
  '[x].txt',
]) {
  write(name, name);
}

async function found(...paths: string[]): Promise<string[]> {
  const files = await expandPaths(checkPaths(paths.map((path) => join(directory, path))));
  return files.map(({ path }) => path.slice(directory.length + 1).replaceAll(sep, '/'));
}

describe('expandPaths', () => {
  it('sorts the files of a glob by code units, and skips names with a dot', async () => {
    expect(await found('*.txt')).toEqual(['Z.txt', '[x].txt', 'a.txt', 'b.txt', 'ä.txt']);
    expect(await found('**/*.{txt,log}')).toEqual([
      'Z.txt',
      '[x].txt',
      'a.log',
      'a.txt',
      'a/c.txt',
      'a/d/e.txt',
      'b.txt',
      'ä.txt',
    ]);
  });

  it('sorts the whole list and names every file once', async () => {
    expect(await found('b.txt', 'a/*', 'a.txt', '[ab].txt', './b.txt', 'a/../a.txt')).toEqual([
      'a.txt',
      'a/c.txt',
      'b.txt',
    ]);
  });

  it('takes a name that exists as it is, even if it looks like a glob', async () => {
    expect(await found('[x].txt')).toEqual(['[x].txt']);
  });

  it('gives absolute paths with size and time, from relative ones and URLs too', async () => {
    const path = join(directory, 'a.txt');
    const expected = [{ path, size: 5, mtimeMs: expect.any(Number) }];
    expect(await expandPaths(checkPaths(pathToFileURL(path)))).toEqual(expected);
    expect(await expandPaths([relative(process.cwd(), path)])).toEqual(expected);
    expect(await expandPaths([join(relative(process.cwd(), directory), 'a.*t')])).toEqual(expected);
  });

  it('follows links, and ends where links go round', async () => {
    mkdirSync(join(directory, 'links'));
    symlinkSync(join(directory, 'a.txt'), join(directory, 'links/to-a.txt'));
    symlinkSync(join(directory, 'links'), join(directory, 'links/round'));
    expect(await found('links/*.txt')).toEqual(['links/to-a.txt']);
    expect(await found('links/**/to-a.txt')).toContain('links/to-a.txt');
  });

  it.each([
    ['none.txt', `none.txt does not exist in ${process.cwd()}`],
    ['a.txt/b', 'does not exist'],
    ['none-*.txt', `none-*.txt matches no file in ${process.cwd()}`],
    ['a', 'is a directory: name its files, as in "'],
    ['a.txt\0', 'cannot be read'],
  ])('refuses %j', async (path, message) => {
    const error = await found('b.txt', path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('refuses a link that leads nowhere, and what is no file', async () => {
    symlinkSync(join(directory, 'nowhere'), join(directory, 'broken.lnk'));
    await expect(found('broken.lnk')).rejects.toThrow('does not exist');
    if (process.platform !== 'win32')
      await expect(expandPaths(['/dev/null'])).rejects.toThrow('no regular file');
  });
});

describe('checkPaths', () => {
  it('makes a list of strings and looks at no file', () => {
    expect(checkPaths('none')).toEqual(['none']);
    expect(checkPaths(['a', new URL('file:///b%20c')])).toEqual(['a', join(sep, 'b c')]);
  });

  it.each([
    [[], 'Expected "paths" to be a path, a glob, a file: URL or an array of them, got [] (object)'],
    ['', `Expected "paths" to be a path, a glob, a file: URL or an array of them, got '' (string)`],
    [5, 'got 5 (number)'],
    [undefined, 'got undefined'],
    [['a', 5], 'Expected "paths[1]" to be a path, a glob or a file: URL, got 5 (number)'],
    [['a', ''], `Expected "paths[1]" to be a path, a glob or a file: URL, got '' (string)`],
    [new Array(1), 'Expected "paths[0]"'],
    [new URL('https://example.com/a'), 'file: URL'],
  ])('refuses %p', (paths, message) => {
    expect(() => checkPaths(paths)).toThrow(OptionError);
    expect(() => checkPaths(paths)).toThrow(message);
  });
});
