import { statSync } from 'node:fs';
import fc from 'fast-check';
import type { BytesChunk, Compression } from '../../src/source/files/bytes-chunk.js';
import type { Batch, Batches } from '../../src/source/source.js';

const pieces = [
  'a',
  'bb',
  'word ',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '\r\r\n',
  'é',
  '漢',
  '😀',
  '\u00ff',
  '\ufeff',
  '\0',
];
// Whole and broken sequences, overlong forms, surrogates, bytes that never occur; LF and CR in between.
const bytes = [
  0x0a, 0x0d, 0x61, 0x80, 0xbf, 0xc3, 0xa9, 0xc0, 0xe0, 0xa0, 0xed, 0xf0, 0x9f, 0x98, 0xf4, 0xff, 0xef, 0xbb,
];

/** Files as bytes: text with all kinds of line ends, bytes that are no text, with and without a BOM. */
export const texts: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
      fc.array(fc.constantFrom(...bytes), { maxLength: 60 }).map((list) => Buffer.from(list)),
      fc.uint8Array({ maxLength: 60 }).map((list) => Buffer.from(list)),
    ),
  )
  .map(([hasBom, text]) => (hasBom ? Buffer.concat([Buffer.from('\ufeff'), text]) : text));

/** The lines of a text by the rules of the documentation, naively. */
export function linesOf(text: Uint8Array): string[] {
  const lines = new TextDecoder().decode(text).split('\n');
  const last = lines.pop()!;
  const ended = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  return last === '' ? ended : [...ended, last];
}

/** The byte ranges of one file. */
export function rangesOf(file: string, size: number, chunkBytes: number): BytesChunk[] {
  return Array.from({ length: Math.ceil(size / chunkBytes) }, (_, i) => ({
    ...wholeFile(file, size),
    start: i * chunkBytes,
    end: Math.min(size, (i + 1) * chunkBytes),
  }));
}

export function wholeFile(file: string, size: number, compression: Compression = 'none'): BytesChunk {
  const { dev, ino } = statSync(file, { throwIfNoEntry: false }) ?? { dev: 0, ino: 0 };
  return { kind: 'bytes', file, start: 0, end: size, compression, id: `${dev}:${ino}` };
}

/** The records of some chunks, in order. */
export async function recordsOf(chunks: Iterable<Batches>): Promise<unknown[]> {
  const records: unknown[] = [];
  for (const batches of chunks) for await (const batch of batches) records.push(...Array.from(batch.records));
  return records;
}

export async function batchesOf(batches: Batches): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) {
    const { hints } = batch;
    // They may be others once the next batch is asked for.
    all.push(hints === undefined ? batch : { ...batch, hints: hints.slice() });
  }
  return all;
}
