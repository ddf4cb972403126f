import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteChunks, from, jsonLines, SourceError, TaskError, textLines } from '@forkfold/core';
import { anyCharacter } from '../values/any-character.js';
import { caught, directories, harness } from './harness.js';

const shared = harness();
const dirs = directories(shared);

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(dirs.root, name);
  writeFileSync(path, content);
  return path;
};
/** The message of the SourceError that a run is to reject with. */
const refusal = async (run: Promise<unknown>): Promise<string> => {
  const error = await caught(run);
  expect(error).toBeInstanceOf(SourceError);
  return (error as Error).message;
};

describe.each([0, 1, 2])('in %d processes', (processes) => {
  it('many small files give their lines in order, and an error names the very line of one', async () => {
    const contents = Array.from({ length: 1300 }, (_, i) =>
      i % 7 === 0
        ? ''
        : `${i % 5 === 0 ? '\uFEFF' : ''}a${i}${i % 3 === 0 ? '\r\n' : '\n'}b${i}${i % 2 ? '\n' : ''}`,
    );
    for (const [i, text] of contents.entries()) put(`${String(i).padStart(4, '0')}.txt`, text);
    const lines = textLines(join(dirs.root, '*.txt'));
    const expected = contents.flatMap((text, i) => (text === '' ? [] : [`a${i}`, `b${i}`]));
    expect(await lines.toArray().run(dirs.options(processes))).toEqual(expected);
    expect(await lines.count().run(dirs.options(processes))).toBe(expected.length);
    const failing = lines.map((line) => {
      if (line === 'b1234') throw new RangeError('bad');
      return line;
    });
    const error = await caught(failing.count().run(dirs.options(processes)));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as Error).message).toMatch(/1234\.txt:2/);
    const skipped = { ...dirs.options(processes), onError: 'skip' as const };
    expect(await failing.count().run(skipped)).toBe(expected.length - 1);
  });

  it('a file that says it has no text gives its lines', async () => {
    const path = ['/proc/self/limits', '/proc/cpuinfo', '/proc/filesystems'].find((name) => existsSync(name));
    if (path === undefined) return;
    expect(statSync(path).size).toBe(0);
    const lines = await textLines(path).toArray().run(dirs.options(processes));
    expect(lines.join('\n').length).toBeGreaterThan(10);
    // Those of a process differ from one to the other, but not in their number.
    expect(lines).toHaveLength(readFileSync(path, 'utf8').split('\n').length - 1);
    const bytes = await byteChunks(path).count().run(dirs.options(processes));
    expect(bytes).toBe(1);
  });

  it('a file that says it has a page of text gives what it has', async () => {
    const path = '/sys/kernel/mm/transparent_hugepage/enabled';
    if (!existsSync(path)) return;
    const options = dirs.options(processes, { chunkBytes: 1000 });
    expect(await textLines(path).toArray().run(options)).toEqual([readFileSync(path, 'utf8').trimEnd()]);
  });

  it('a file that another one takes the place of is an error', async () => {
    const lines = Array.from({ length: 2000 }, (_, n) => `line ${n}`).join('\n');
    const path = put('data.txt', lines);
    const records = textLines(path).stream(dirs.options(processes, { chunkBytes: 100, bufferSize: 1 }));
    await records.next();
    const other = put('other.txt', lines.toUpperCase());
    renameSync(other, path);
    const error = await caught(
      (async () => {
        for await (const line of records) expect(line).toMatch(/^line/);
      })(),
    );
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toMatch(/data\.txt has been replaced by another file since the run began/);
  });

  it.each<[string, string, Uint8Array, RegExp]>([
    ['UTF-16', 'a.txt', Buffer.from('\ufeffone\ntwo\n', 'utf16le'), /a\.txt is UTF-16 by its first bytes/],
    [
      'UTF-16 the other way',
      'a.txt',
      Buffer.from('\ufeffone\n', 'utf16le').swap16(),
      /is UTF-16 by its first/,
    ],
    [
      'UTF-16 in gzip',
      'a.gz',
      gzipSync(Buffer.from('\ufeffone', 'utf16le')),
      /The text in .*a\.gz is UTF-16/,
    ],
    ['gzip', 'a.log', gzipSync('one\ntwo\n'), /a\.log is compressed by gzip .*: let its name end in \.gz/],
    ['zip', 'a.txt', Buffer.from('PK\x03\x04rest'), /is a zip archive/],
    [
      'no gzip',
      'a.gz',
      Buffer.from('one\ntwo\n'),
      /a\.gz is not compressed by gzip, though its name says so/,
    ],
  ])('text that is %s is told for what it is', async (_, name, content, message) => {
    const path = put(name, content);
    for (const dataset of [textLines(path), jsonLines(path)]) {
      const options = dirs.options(processes, { onError: 'skip' });
      expect(await refusal(dataset.count().run(options))).toMatch(message);
    }
  });

  it('is read as it is where it only looks odd', async () => {
    const latin = put('latin.txt', Buffer.from('\xff\xfeone\n', 'latin1'));
    expect(await textLines(latin, { encoding: 'latin1' }).toArray().run(dirs.options(processes))).toEqual([
      'ÿþone',
    ]);
    const bytes = put('bytes.bin', gzipSync('one'));
    const [block] = await byteChunks(bytes).toArray().run(dirs.options(processes));
    expect(Buffer.from(block!)).toEqual(readFileSync(bytes));
  });

  it('what is written reads back as it was, or is refused', async () => {
    let number = 0;
    const odd = fc.constantFrom(
      '',
      '\r',
      'a\r',
      '\ufeff',
      'a\ufeff',
      '\u2028',
      '\0',
      '-0',
      ' ',
      '\n',
      '\ud800',
      '"',
      '\\',
    );
    const text = fc.oneof(fc.string(), fc.string({ unit: anyCharacter }), odd);
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (records) => {
        const directory = join(dirs.root, `text-${number++}`);
        const run = from(records)
          .writeText(directory)
          .run(dirs.options(processes, { chunkSize: 2 }));
        const written = await run.catch((error: unknown) => error);
        if (written instanceof TaskError) return;
        const { files } = written as { files: string[] };
        expect(await textLines(files).toArray().run(dirs.options(processes))).toEqual(records);
      }),
      { numRuns: 15 },
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        -0,
        undefined,
        NaN,
        new Date(0),
        new Map(),
        [undefined],
        { a: undefined },
        { a: [-0] },
        1n,
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), async (records) => {
        const directory = join(dirs.root, `json-${number++}`);
        const run = from(records)
          .writeJsonLines(directory)
          .run(dirs.options(processes, { chunkSize: 2 }));
        const written = await run.catch((error: unknown) => error);
        if (written instanceof TaskError) return;
        const { files } = written as { files: string[] };
        expect(await jsonLines(files).toArray().run(dirs.options(processes))).toStrictEqual(records);
      }),
      { numRuns: 15 },
    );
  });
});
