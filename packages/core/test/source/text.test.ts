import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partitionText, readText } from '../../src/source/text.js';

const directory = mkdtempSync(join(tmpdir(), 'forkfold-text-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function recordsOf(file: string, format: 'lines' | 'blocks', chunkBytes: number): Promise<unknown[]> {
  const { chunks } = await partitionText({ kind: 'text', format, paths: [file] }, { chunkBytes });
  const records: unknown[] = [];
  for await (const chunk of chunks) {
    if (chunk.kind !== 'bytes') throw new Error('not a byte range');
    for await (const batch of readText(chunk)) records.push(...Array.from(batch.records));
  }
  return records;
}

/** The lines of a text by the rules of the documentation, naively. */
function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const piece = fc.constantFrom('a', 'bb', '\n', '\r\n', '\r', 'é', '😀', '\u00ff', '');
const texts = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
  fc
    .array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xc3, 0xa9, 0xf0, 0xef, 0xbb, 0xbf), { maxLength: 60 })
    .map((b) => Buffer.from(b)),
);

describe('readText', () => {
  it('gives every line once, whatever the chunks, as the WHATWG decoder reads it', async () => {
    const file = join(directory, 'a.txt');
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 70 }), async (bytes, chunkBytes) => {
        writeFileSync(file, bytes);
        expect(await recordsOf(file, 'lines', chunkBytes)).toEqual(linesOf(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('gives every byte once as blocks', async () => {
    const file = join(directory, 'b.txt');
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 70 }), async (bytes, chunkBytes) => {
        writeFileSync(file, bytes);
        const blocks = (await recordsOf(file, 'blocks', chunkBytes)) as Uint8Array[];
        expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
      }),
    );
  });

  it('reads compressed files, and names a torn one', async () => {
    const bytes = Buffer.from('one\r\ntwo\nthrée');
    for (const [name, packed] of [
      ['c.gz', gzipSync(bytes)],
      ['c.br', brotliCompressSync(bytes)],
    ] as const) {
      const file = join(directory, name);
      writeFileSync(file, packed);
      expect(await recordsOf(file, 'lines', 3)).toEqual(['one', 'two', 'thrée']);
      writeFileSync(file, packed.subarray(0, packed.length - 4));
      await expect(recordsOf(file, 'lines', 3)).rejects.toThrow(file);
    }
  });

  it('reads a line longer than a block', async () => {
    const file = join(directory, 'd.txt');
    const long = 'x'.repeat(3_000_000);
    writeFileSync(file, `a\n${long}\nb\n`);
    expect(await recordsOf(file, 'lines', 100_000)).toEqual(['a', long, 'b']);
  });
});
