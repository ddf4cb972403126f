import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** What finds files of a directory, by their paths in it. */
function foundIn(directory: string) {
  return async (...paths: string[]): Promise<string[]> => {
    const files = await expandPaths(checkPaths(paths.map((path) => join(directory, path))));
    return files.map(({ path }) => path.slice(directory.length + 1).replaceAll(sep, '/'));
  };
}

const found = foundIn(directory);

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

  it.each([
    ['*/../*.txt', ['Z.txt', '[x].txt', 'a.txt', 'b.txt', 'ä.txt']],
    ['**/**/e.txt', ['a/d/e.txt']],
    ['**/d/**/*.txt', ['a/d/e.txt']],
    ['{a,*}/*.txt', ['a/c.txt']],
    ['a/*/../*.txt', ['a/c.txt']],
  ])('names every file once that %s comes to in several ways', async (glob, files) => {
    // `join` would take out what goes back.
    const all = await expandPaths([`${directory}/${glob}`]);
    expect(all.map(({ path }) => path.slice(directory.length + 1))).toEqual(files);
  });

  it('says so once it has found thousands, and before it looks at them', async () => {
    const many = join(directory, 'many');
    mkdirSync(many);
    const says: string[] = [];
    for (let i = 0; i < 4096; i += 1) writeFileSync(join(many, `${i}.n`), '1');
    expect(await expandPaths([join(many, '*.n')], () => void says.push('many'))).toHaveLength(4096);
    expect(says).toEqual([]);
    symlinkSync(join(many, 'nowhere'), join(many, 'gone.n'));
    await expect(expandPaths([join(many, '*.n')], () => void says.push('many'))).rejects.toThrow('gone.n');
    expect(says).toEqual(['many']);
    rmSync(many, { recursive: true });
  });

  it('takes a name that exists as it is, even if it looks like a glob', async () => {
    expect(await found('[x].txt')).toEqual(['[x].txt']);
  });

  it('gives absolute paths with size and time, from relative ones and URLs too', async () => {
    const path = join(directory, 'a.txt');
    const expected = [{ path, size: 5, mtimeMs: expect.any(Number), id: expect.any(String) }];
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
    ['none.txt', 'none.txt does not exist: check the path'],
    ['a.txt/b', 'does not exist'],
    ['none-*.txt', 'none-*.txt matches no file: check the glob'],
    ['a', 'is a directory: name its files, as in "'],
    ['a.txt\0', 'cannot be read'],
    ['{1..9}{1..9}{1..9}{1..9}{1..9}.txt', 'is no glob: it stands for more than 10000 patterns'],
  ])('refuses %j', async (path, message) => {
    const error = await found('b.txt', path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  });

  it.each([
    ['none.txt', `none.txt does not exist in ${process.cwd()}: check the path`],
    ['none-*.txt', `none-*.txt matches no file in ${process.cwd()}: check the glob`],
    ['file:///none/a.txt', 'give the URL itself, as in new URL('],
    ['https://example.org/a.csv?b', 'files of this machine are read: download it first'],
  ])('says what helps with %j', async (path, message) => {
    await expect(expandPaths([path])).rejects.toThrow(message);
  });

  it('refuses a link that leads nowhere, and what is no file', async () => {
    symlinkSync(join(directory, 'nowhere'), join(directory, 'broken.lnk'));
    await expect(found('broken.lnk')).rejects.toThrow('does not exist');
    if (process.platform !== 'win32')
      await expect(expandPaths(['/dev/null'])).rejects.toThrow('no regular file');
  });
});

describe('links', () => {
  const { directory, write } = temporaryFiles();
  const found = foundIn(directory);
  const inside = (name: string): string => join(directory, 'tree', name);
  write('tree/deep/one.txt', 'one');
  write('tree/deep/further/two.txt', 'two');
  write('tree/.store/three.txt', 'three');
  write('elsewhere/outside.txt', 'outside');
  symlinkSync('deep', inside('alias'));
  symlinkSync(join('..', '..'), inside('deep/up'));
  symlinkSync('one.txt', inside('deep/again.txt'));
  symlinkSync(join('..', '..', 'elsewhere', 'outside.txt'), inside('deep/out.txt'));
  symlinkSync(join('..', 'elsewhere'), inside('away'));
  symlinkSync('.store', inside('current'));
  symlinkSync('.', inside('self'));

  it.each([
    ['tree/**/*.txt', ['tree/current/three.txt', 'tree/deep/further/two.txt', 'tree/deep/one.txt']],
    ['tree/**', ['tree/current/three.txt', 'tree/deep/further/two.txt', 'tree/deep/one.txt']],
    ['tree/**/further/*', ['tree/deep/further/two.txt']],
    ['tree/*/one.txt', ['tree/deep/one.txt']],
    ['tree/deep/*.txt', ['tree/deep/one.txt', 'tree/deep/out.txt']],
    ['tree/alias/**/*.txt', ['tree/alias/further/two.txt', 'tree/alias/one.txt']],
    ['tree/away/**/*.txt', ['tree/away/outside.txt']],
    ['tree/**/away/*.txt', ['tree/away/outside.txt']],
    ['tree/{deep,alias}/{one,again}.txt', ['tree/deep/one.txt']],
  ])('of %s lead to each file once, and nowhere else', async (glob, files) => {
    expect(await found(glob)).toEqual(files);
  });

  it('are taken where they are named, and their files are not taken again', async () => {
    expect(await found('tree/deep/again.txt', 'tree/deep/o*.txt')).toEqual([
      'tree/deep/again.txt',
      'tree/deep/out.txt',
    ]);
    expect(await found('tree/alias/*.txt', 'tree/deep/one.txt')).toEqual([
      'tree/alias/out.txt',
      'tree/deep/one.txt',
    ]);
  });

  it('that lead nowhere are an error that names them', async () => {
    symlinkSync('nothing', inside('deep/broken.lnk'));
    await expect(found('tree/**/*.lnk')).rejects.toThrow(/broken\.lnk, which cannot be read: ENOENT/);
  });
});

describe('names with characters of globs', () => {
  const { directory, write } = temporaryFiles();
  const found = foundIn(directory);
  const odd = [
    '[1]',
    '{a,b}',
    '(x)',
    'a!b',
    '#@+',
    "it's",
    '"q"',
    'a b',
    '^$.|',
    '~&%',
    'a,b',
    '*?',
    '-',
    'é',
    '😀',
  ];
  const folders = ['data (1)', '[2024]', '{v1,v2}', '!new'];
  for (const name of odd) write(`odd/${name}.csv`, name);
  for (const name of folders) write(`${name}/x.csv`, name);
  write('2/x.csv', 'digit');

  it.each(odd)('%j is found escaped and as it is', async (name) => {
    const escaped = name.replace(/[^a-z]/gu, '\\$&');
    expect(await found(`odd/${escaped}.csv`)).toEqual([`odd/${name}.csv`]);
    expect(await found(`odd/${escaped}.c*`)).toEqual([`odd/${name}.csv`]);
    expect(await found(`odd/${name}.csv`)).toEqual([`odd/${name}.csv`]);
  });

  it.each(folders)('the folder %j begins a glob as it is', async (name) => {
    expect(await found(`${name}/*.csv`)).toEqual([`${name}/x.csv`]);
    expect(await found(`${name}/**/*.csv`)).toEqual([`${name}/x.csv`]);
  });

  it('are matched by a glob that means them', async () => {
    expect(await found('odd/*')).toHaveLength(odd.length);
    expect(await found('odd/[[]1].csv')).toEqual(['odd/[1].csv']);
    expect(await found('odd/?.csv')).toEqual(['odd/-.csv', 'odd/é.csv', 'odd/😀.csv']);
  });
});

describe('a folder that may not be read', () => {
  const { directory, write } = temporaryFiles();

  it('is an error, unless no name in it could match', async () => {
    const text = `
      import { expandPaths } from ${JSON.stringify(new URL('../../../dist/engine.js', import.meta.url).href)};
      for (const glob of JSON.parse(process.argv[1])) {
        console.log(await expandPaths([glob]).then((files) => files.length, (error) => error.message));
      }`;
    write('public/open/a.txt', 'a');
    write('public/secret/b.txt', 'b');
    chmodSync(join(directory, 'public/secret'), 0);
    chmodSync(directory, 0o755);
    const globs = ['**/*.txt', '*/*.txt', '*/b.txt', 'open/*.txt', 'o*/*.txt', 'secret/b.txt'];
    const paths = globs.map((glob) => join(directory, 'public', glob));
    // Root may read everything, so another user looks.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const args = ['--input-type=module', '--eval', text, JSON.stringify(paths)];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', ...user });
    chmodSync(join(directory, 'public/secret'), 0o700);
    const secret = /public\/secret\S* .*(cannot be read|may not be read)/;
    const lines = stdout.trim().split('\n');
    for (const line of [0, 1, 2, 5]) expect(lines[line]).toMatch(secret);
    expect(lines.slice(3, 5)).toEqual(['1', '1']);
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
