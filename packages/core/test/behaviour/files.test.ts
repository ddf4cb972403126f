import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteChunks, files, OptionError, range, SourceError, textLines, type Pool } from '@forkfold/core';
import { linesOf, texts } from '../source/texts.js';
import { caught, harness } from './harness.js';

const shared = harness();
let directory = '';
let name = 0;

beforeAll(async () => {
  directory = join(shared.tmpDir, 'input');
  await mkdir(directory);
});

async function write(content: Uint8Array | string, ending = '.txt'): Promise<string> {
  const path = join(directory, `${String(name++).padStart(4, '0')}${ending}`);
  await writeFile(path, content);
  return path;
}

const invalid = Buffer.from([0x61, 0xff, 0xc3, 0x0a, 0xe6, 0xbc, 0x0d, 0x0a, 0xf0, 0x9f, 0x98, 0x62]);
const kinds: [string, string | Buffer][] = [
  ['LF', 'one\ntwo\n\nthree\n'],
  ['CRLF', 'one\r\ntwo\r\n\r\nthree\r\n'],
  ['no last newline', 'one\ntwo'],
  ['a BOM', '\ufeffone\n\ufefftwo\n'],
  ['no bytes', ''],
  ['one newline', '\n'],
  ['one line longer than a chunk', `a\n${'x'.repeat(100)}\nb`],
  ['characters of several bytes on every boundary', 'é漢😀\n😀漢é\n'],
  ['bytes that are no UTF-8', invalid],
];

it.each(['.txt', '.txt.gz'])('another encoding is that of the lines in the children (%s)', async (ending) => {
  const text = Buffer.from('caf\xe9 \x80 2\r\nna\xefve\n', 'latin1');
  const file = await write(ending === '.txt' ? text : gzipSync(text), ending);
  const plan = textLines(file, { encoding: 'latin1' }).toArray();
  expect(await plan.run(shared.options(1, { chunkBytes: 4 }))).toEqual(['café € 2', 'naïve']);
});

describe.each([0, 1, 2])('files in %d processes', (processes) => {
  it.each(kinds)('with %s give each line once, whatever chunkBytes', async (_, content) => {
    const bytes = Buffer.from(content);
    const file = await write(bytes);
    for (const chunkBytes of [1, 2, 3, 5, 1000]) {
      const options = shared.options(processes, { chunkBytes });
      expect(await textLines(file).toArray().run(options)).toEqual(linesOf(bytes));
      expect(await textLines(file, { encoding: 'UTF8' }).toArray().run(options)).toEqual(linesOf(bytes));
      const blocks = await byteChunks(file).toArray().run(options);
      expect(Buffer.concat(blocks)).toEqual(bytes);
    }
  });

  it.each([
    ['.gz', gzipSync],
    ['.br', brotliCompressSync],
  ] as const)('ending in %s are decompressed', async (ending, compress) => {
    const text = 'one\r\ntwo\nné';
    const file = await write(compress(text), ending);
    const options = shared.options(processes, { chunkBytes: 1 });
    expect(await textLines(file).toArray().run(options)).toEqual(['one', 'two', 'né']);
    expect(Buffer.concat(await byteChunks(file).toArray().run(options)).toString()).toBe(text);
    const counted = textLines(file).mapPartitions((lines) => [[...lines].length]);
    expect(await counted.toArray().run(options)).toEqual([3]);
  });
});

it('reads the lines of random files once each, for random chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 3 }), fc.nat(), async (contents, seed) => {
      const paths: string[] = [];
      for (const content of contents) paths.push(await write(content));
      const total = contents.reduce((sum, { length }) => sum + length, 0);
      const options = shared.options(2, { chunkBytes: 1 + (seed % (total + 1)) });
      expect(await textLines(paths).toArray().run(options)).toEqual(contents.flatMap(linesOf));
    }),
    { numRuns: 30 },
  );
});

describe('paths', () => {
  it('may be a path, a glob, a file: URL or an array of them; files come once each, sorted', async () => {
    await mkdir(join(directory, 'globs/deep'), { recursive: true });
    for (const letter of ['b', 'a', 'deep/c']) {
      await writeFile(join(directory, `globs/${letter}.txt`), `${letter}\n`);
    }
    const at = (path: string): string => join(directory, 'globs', path);
    const lines = (paths: Parameters<typeof textLines>[0]): Promise<string[]> =>
      textLines(paths).toArray().run(shared.options(2));
    expect(await lines(at('**/*.txt'))).toEqual(['a', 'b', 'deep/c']);
    expect(await lines([at('b.txt'), at('*.txt')])).toEqual(['a', 'b']);
    expect(await lines(pathToFileURL(at('b.txt')))).toEqual(['b']);
    expect(await lines([pathToFileURL(at('b.txt')), at('a.txt')])).toEqual(['a', 'b']);
    expect(
      await files(pathToFileURL(at('a.txt')))
        .toArray()
        .run(shared.options(1)),
    ).toEqual([{ path: at('a.txt'), size: 2 }]);
    const [block] = await byteChunks(pathToFileURL(at('a.txt')))
      .toArray()
      .run(shared.options(1));
    expect(Buffer.from(block!)).toEqual(await readFile(at('a.txt')));
  });

  it.each([[''], [[]], [7], [null], [[null]], [new URL('https://example.org/a.txt')], [['a', '']]])(
    '%p are refused at the call',
    (paths) => {
      for (const source of [textLines, byteChunks, files]) {
        expect(() => source(paths as string)).toThrow(OptionError);
      }
    },
  );

  /** A pool that no run may take a child of. */
  const untouched = (): Pool =>
    Object.assign({ ...shared.pool }, { run: () => Promise.reject(new Error('a child was asked for')) });

  it('that name no file are a SourceError before any child starts', async () => {
    const run = { pool: untouched(), tmpDir: shared.tmpDir };
    expect(await caught(range(3).count().run(run))).toMatchObject({ message: 'a child was asked for' });
    const missing = join(directory, 'missing.txt');
    for (const source of [textLines, byteChunks, files]) {
      for (const path of [missing, pathToFileURL(missing), join(directory, 'none-*.txt'), directory]) {
        const error = await caught(source(path).count().run(run));
        expect(error).toBeInstanceOf(SourceError);
        expect(error).toMatchObject({ file: expect.any(String) as unknown });
      }
    }
    const late = await caught(
      textLines(await write('a'))
        .union(textLines(missing))
        .count()
        .run(run),
    );
    expect(late).toBeInstanceOf(SourceError);
  });

  it('that lose their file between cut and read are a SourceError that names it', async () => {
    const file = await write('a\nb\nc\n');
    const consume = async (): Promise<void> => {
      // With a buffer of one chunk none is read ahead of the consumer.
      const options = shared.options(2, { chunkBytes: 2, bufferSize: 1 });
      for await (const _ of textLines(file).stream(options)) await writeFile(file, '');
    };
    const error = await caught(consume());
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file });
  });

  it('of a torn archive are a SourceError that names it', async () => {
    const file = await write(gzipSync('one\ntwo\n').subarray(0, 20), '.gz');
    const error = await caught(textLines(file).count().run(shared.options(2)));
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file });
  });
});
