import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BytesChunk } from '../../../src/source/files/bytes-chunk.js';
import { blocks } from '../../../src/source/readers/blocks.js';
import { fileReader } from '../../../src/source/readers/file-reader.js';
import type { Batches } from '../../../src/source/source.js';
import { temporaryFiles } from '../temporary-files.js';
import { batchesOf, rangesOf, recordsOf, texts, wholeFile } from '../texts.js';

const { write } = temporaryFiles();
const limitsOf = (blockBytes: number) => ({ blockBytes, recordBytes: 1000 });
const readBlocks = (chunk: BytesChunk, limits = {}): Batches => fileReader(blocks(limits)).read(chunk);

describe('blocks of a file', () => {
  it('joined are the file, byte for byte, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), fc.integer({ min: 1, max: 80 }), async (text, n, blockBytes) => {
        const file = write('a.txt', text);
        const ranges = rangesOf(file, text.length, 1 + (n % (text.length + 1)));
        const read = ranges.map((range) => readBlocks(range, limitsOf(blockBytes)));
        const found = (await recordsOf(read)) as Buffer[];
        expect(Buffer.concat(found).equals(text)).toBe(true);
        for (const block of found.slice(0, -1)) expect(block.at(-1)).toBe(10);
        for (const block of found) expect(block.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it('hold about a mebibyte of whole lines, or one longer line', async () => {
    const text = 'a line of text\n'.repeat(200_000) + 'x'.repeat(3 << 20) + '\n' + 'b\n'.repeat(600_000);
    const file = write('large.txt', text);
    const found = (await recordsOf([readBlocks(wholeFile(file, text.length))])) as Buffer[];
    expect(Buffer.concat(found).equals(Buffer.from(text))).toBe(true);
    expect(found.filter(({ length }) => length > 1 << 20)).toHaveLength(1);
    expect(found.length).toBeLessThan(8);
  });

  it('are the user’s to keep: no block is overwritten by a later one', async () => {
    const text = Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join('');
    const file = write('kept.txt', text);
    const found = await recordsOf([readBlocks(wholeFile(file, text.length), limitsOf(16))]);
    expect(Buffer.concat(found as Buffer[]).toString()).toBe(text);
  });

  it('are located by file, line and byte', async () => {
    const file = write('located.txt', 'one\ntwo\nthree\nfour\n');
    const batches = await batchesOf(readBlocks(wholeFile(file, 19), limitsOf(8)));
    expect(batches.map(({ locate }) => locate(0))).toEqual([
      { file, line: 1, byte: 0 },
      { file, line: 3, byte: 8 },
      { file, line: 4, byte: 14 },
    ]);
  });

  it.each([
    ['gzip', gzipSync],
    ['brotli', brotliCompressSync],
  ] as const)('of a %s file are its text, at bytes of the text', async (compression, compress) => {
    const text = Buffer.from('\ufeffone\r\ntwo\nthree\n');
    const packed = compress(text);
    const file = write('packed', packed);
    const batches = await batchesOf(readBlocks(wholeFile(file, packed.length, compression), limitsOf(12)));
    expect(Buffer.concat(batches.map(({ records }) => records[0] as Buffer)).equals(text)).toBe(true);
    expect(batches.map(({ locate }) => locate(0))).toEqual([
      { file, byte: 0 },
      { file, byte: 12 },
    ]);
  });
});
