import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LF } from '../../../src/source/files/record-blocks.js';
import type { BytesChunk } from '../../../src/source/files/bytes-chunk.js';
import { fileReader, type RecordReader } from '../../../src/source/readers/file-reader.js';
import { readers } from '../../../src/source/reader-table.js';
import { NO_RECORD } from '../../../src/source/source.js';
import { temporaryFiles } from '../temporary-files.js';
import { batchesOf, rangesOf, recordsOf, wholeFile } from '../texts.js';

const { write } = temporaryFiles();

/** A format whose records are the lines that do not begin with `#`, so that records and lines differ in number. */
function uncommented(blockBytes: number, opened: BytesChunk[] = []): RecordReader {
  return {
    blockBytes,
    recordBytes: 1000,
    keepsBlocks: false,
    open(chunk) {
      opened.push(chunk);
      return ({ bytes }) => {
        const all = bytes.toString().replace(/\n$/, '').split('\n');
        const kept = [...all.keys()].filter((i) => !all[i]!.startsWith('#'));
        return { records: kept.map((i) => all[i]!), lines: all.length, linesBefore: (i) => kept[i]! };
      };
    },
    parse: (read) => (read === '' ? NO_RECORD : (read as string).toUpperCase()),
  };
}

const lines = fc.array(fc.constantFrom('', 'a', 'bb', '# c', '#', 'dé'), { minLength: 1, maxLength: 30 });
const split = fc.record({ lines, blockBytes: fc.integer({ min: 1, max: 40 }), n: fc.nat() });

describe('a format of files', () => {
  it.each([
    ['plain', undefined],
    ['compressed', gzipSync],
  ] as const)('has its records located by line and byte, in %s files', async (_, compress) => {
    await fc.assert(
      fc.asyncProperty(split, async ({ lines: given, blockBytes, n }) => {
        const text = Buffer.from(given.map((line) => `${line}\n`).join(''));
        const stored = compress ? compress(text) : text;
        const file = write('commented', stored);
        const ranges = compress
          ? [wholeFile(file, stored.length, 'gzip')]
          : rangesOf(file, text.length, 1 + (n % text.length));
        const reader = fileReader(uncommented(blockBytes));
        const found = [];
        for (const range of ranges) {
          for (const { records, locate } of await batchesOf(reader.read(range))) {
            for (let i = 0; i < records.length; i += 1) found.push([records[i], locate(i)]);
          }
        }
        let byte = 0;
        const expected = given.flatMap((line, i) => {
          const at = byte;
          byte += Buffer.byteLength(line) + 1;
          return line.startsWith('#') ? [] : [[line, { file, line: i + 1, byte: at }]];
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('is opened once for each range, whose blocks it then gets', async () => {
    const file = write('opened.txt', 'a\nb\nc\nd\n');
    const opened: BytesChunk[] = [];
    const reader = fileReader(uncommented(2, opened));
    const ranges = rangesOf(file, 8, 4);
    expect(await recordsOf(ranges.map((range) => reader.read(range)))).toEqual(['a', 'b', 'c', 'd']);
    expect(opened).toEqual(ranges);
  });

  it('makes records of what it has read only where it can', () => {
    expect(fileReader(uncommented(8)).parse!('a')).toBe('A');
    expect(fileReader(uncommented(8)).parse!('')).toBe(NO_RECORD);
    expect(readers.lines().parse).toBeUndefined();
    expect(readers.jsonRows().parse!('{"a":1}')).toEqual({ a: 1 });
    for (const blank of ['', '  ', '\t\r', '\u00a0\u2028'])
      expect(readers.jsonRows().parse!(blank)).toBe(NO_RECORD);
    expect(() => readers.jsonRows().parse!('\u200b')).toThrow('no JSON');
  });

  it('of a compressed file that does not count lines has positions without them', async () => {
    const packed = gzipSync('one\ntwo\n');
    const reader = fileReader({
      ...uncommented(4),
      open:
        () =>
        ({ bytes }) => ({ records: [bytes.subarray(0, bytes.indexOf(LF)).toString()] }),
    });
    const file = write('uncounted.gz', packed);
    const batches = await batchesOf(reader.read(wholeFile(file, packed.length, 'gzip')));
    expect(batches.map(({ records, locate }) => [records[0], locate(0)])).toEqual([
      ['one', { file, byte: 0 }],
      ['two', { file, byte: 4 }],
    ]);
  });
});
