import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceError } from '../../../src/errors.js';
import type { BytesChunk } from '../../../src/source/files/bytes-chunk.js';
import { fileReader } from '../../../src/source/readers/file-reader.js';
import { lines } from '../../../src/source/readers/lines.js';
import type { Batch, Batches } from '../../../src/source/source.js';
import { temporaryFiles } from '../temporary-files.js';
import { batchesOf, linesOf, rangesOf, recordsOf, texts, wholeFile } from '../texts.js';

const { write } = temporaryFiles();
const { brotliCompressSync, gzipSync } = zlib;
const MEBIBYTE = 1 << 20;

interface How {
  readonly encoding?: string;
  readonly blockBytes?: number;
  readonly recordBytes?: number;
}

const readLines = (chunk: BytesChunk, { encoding, ...limits }: How = {}): Batches =>
  fileReader(lines(encoding, limits)).read(chunk);

describe('lines of a plain file', () => {
  it('come once each, whatever the chunks and the blocks, as the WHATWG decoder reads them', async () => {
    const splits = fc.record({
      text: texts,
      chunkBytes: fc.nat(),
      blockBytes: fc.integer({ min: 1, max: 80 }),
    });
    await fc.assert(
      fc.asyncProperty(splits, async ({ text, chunkBytes, blockBytes }) => {
        const file = write('a.txt', text);
        const ranges = rangesOf(file, text.length, 1 + (chunkBytes % (text.length + 1)));
        const limits = { blockBytes, recordBytes: 1000 };
        expect(await recordsOf(ranges.map((range) => readLines(range, limits)))).toEqual(linesOf(text));
        expect(await recordsOf(ranges.map((range) => readLines(range)))).toEqual(linesOf(text));
      }),
      { numRuns: 400 },
    );
  });

  it.each(['iso-8859-2', 'koi8-r', 'gb18030', 'big5', 'shift_jis', 'euc-kr'])(
    'in %s are the same, too, whatever the chunks and the blocks',
    async (encoding) => {
      const splits = fc.record({ text: texts, chunkBytes: fc.nat(), blockBytes: fc.integer({ min: 1, max: 80 }) }); // prettier-ignore
      await fc.assert(
        fc.asyncProperty(splits, async ({ text, chunkBytes, blockBytes }) => {
          const file = write('encoded.txt', text);
          const ranges = rangesOf(file, text.length, 1 + (chunkBytes % (text.length + 1)));
          const how = { encoding, blockBytes, recordBytes: 1000 };
          const read = ranges.map((range) => readLines(range, how));
          const expected = text.toString('latin1').split('\n');
          if (expected.at(-1) === '') expected.pop();
          const isEnded = text.at(-1) === 0x0a;
          const decoded = expected.map((line, i) => {
            const whole =
              line.endsWith('\r') && (isEnded || i + 1 < expected.length) ? line.slice(0, -1) : line;
            return new TextDecoder(encoding).decode(Buffer.from(whole, 'latin1'));
          });
          expect(await recordsOf(read)).toEqual(decoded);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('in windows-1252 have its quotes, dashes and euros', async () => {
    const bytes = Buffer.from([0x80, 0x93, 0xe9, 0x94, 0x0d, 0x0a, 0x97, 0x81, 0xff]);
    const chunk = wholeFile(write('windows.txt', bytes), bytes.length);
    expect(await recordsOf([readLines(chunk, { encoding: 'windows-1252' })])).toEqual(['€“é”', '—\x81ÿ']);
  });

  it('keep the CR that no LF follows, and lose one CR before a LF', async () => {
    const file = write('cr.txt', 'a\r\r\nb\rc\n\r\n\r');
    expect(await recordsOf([readLines(wholeFile(file, 11))])).toEqual(['a\r', 'b\rc', '', '\r']);
  });

  it('of a file with a BOM alone are none, with a BOM and a line end one', async () => {
    expect(await recordsOf([readLines(wholeFile(write('bom.txt', '\ufeff'), 3))])).toEqual([]);
    expect(await recordsOf([readLines(wholeFile(write('bom-lf.txt', '\ufeff\n'), 4))])).toEqual(['']);
  });

  it('may be longer than a chunk and a block', async () => {
    const long = 'x'.repeat(3_000_000);
    const text = `a\n${long}\nb\n`;
    const file = write('long.txt', text);
    expect(await recordsOf(rangesOf(file, text.length, 100_000).map((range) => readLines(range)))).toEqual([
      'a',
      long,
      'b',
    ]);
  });

  it('come in batches of bounded size', async () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `line ${i} äöü`).join('\n');
    const file = write('many.txt', text);
    const batches = await batchesOf(readLines(wholeFile(file, Buffer.byteLength(text))));
    expect(batches.flatMap(({ records }) => Array.from(records))).toEqual(text.split('\n'));
    for (const { records } of batches) expect(records.length).toBeLessThan(8000);
  });

  it('are located by file, line and byte, even after the batch has passed', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 40 }), async (text, size) => {
        const file = write('locate.txt', text);
        const limits = { blockBytes: size, recordBytes: 1000 };
        const found = [];
        for (const range of rangesOf(file, text.length, size)) {
          for (const batch of await batchesOf(readLines(range, limits))) {
            for (let i = 0; i < batch.records.length; i += 1) found.push(batch.locate(i));
          }
        }
        const starts = [0, ...Array.from(text).flatMap((byte, i) => (byte === 10 ? [i + 1] : []))];
        const expected = linesOf(text).map((_, i) => ({ file, line: i + 1, byte: starts[i] }));
        expect(found).toEqual(expected);
      }),
    );
  });

  it('are located by the start of their block once the file is gone', async () => {
    const file = write('gone.txt', 'a\nb\n');
    const [batch] = await batchesOf(readLines(wholeFile(file, 4)));
    rmSync(file);
    expect(batch!.locate(1)).toEqual({ file, byte: 0 });
  });

  it('of a file that vanished or shrank are an error that names it', async () => {
    const file = write('short.txt', 'a\nb\nc\n');
    truncateSync(file, 3);
    await expect(recordsOf([readLines(wholeFile(file, 6))])).rejects.toThrow(
      `${file} has shrunk since the run began, from at least 6 bytes to 3`,
    );
    rmSync(file);
    const error = await recordsOf([readLines(wholeFile(file, 6))]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file, message: expect.stringContaining('has vanished') });
  });

  it('do not include what was appended since the file was listed', async () => {
    const file = write('grown.txt', 'a\nb\nc\nd\n');
    expect(await recordsOf([readLines(wholeFile(file, 4))])).toEqual(['a', 'b']);
  });

  it('that are too long for a string are an error with their position', async () => {
    const file = write('too-long.txt', `abc\n${'x'.repeat(40)}`);
    const error = await recordsOf([readLines(wholeFile(file, 44), { blockBytes: 8, recordBytes: 32 })]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file, byte: 4, message: expect.stringContaining('longer than 32 bytes') });
  });

  it('leave no file open when the reader stops early', () => {
    const file = write('early.txt', 'a\n'.repeat(100));
    const limits = { blockBytes: 10, recordBytes: 1000 };
    const isCounted = existsSync('/proc/self/fd');
    const openFiles = (): number => (isCounted ? readdirSync('/proc/self/fd').length : 0);
    const before = openFiles();
    const firsts: unknown[] = [];
    // Where open files cannot be counted, the reader stops more often than a process may have files open.
    const times = isCounted ? 100 : 5000;
    for (let i = 0; i < times; i += 1) {
      for (const { records } of readLines(wholeFile(file, 200), limits) as Iterable<Batch>) {
        firsts.push(records[0]);
        break;
      }
    }
    expect(firsts).toEqual(firsts.map(() => 'a'));
    expect(firsts).toHaveLength(times);
    expect(openFiles()).toBe(before);
  });
});

const zstd = (zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer }).zstdCompressSync;
const kinds = [
  { compression: 'gzip', compress: gzipSync, joins: true },
  { compression: 'brotli', compress: brotliCompressSync, joins: false },
  ...(zstd === undefined ? [] : [{ compression: 'zstd', compress: zstd, joins: true } as const]),
] as const;

describe.each(kinds)('lines of a $compression file', ({ compression, compress, joins }) => {
  const read = (file: string, size: number): Promise<unknown[]> =>
    recordsOf([readLines(wholeFile(file, size, compression))]);

  it('are those of its text, with line and decompressed byte', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 40 }), async (text, blockBytes) => {
        const packed = compress(text);
        const file = write('packed', packed);
        const chunk = wholeFile(file, packed.length, compression);
        const batches = await batchesOf(readLines(chunk, { blockBytes, recordBytes: 1000 }));
        expect(batches.flatMap(({ records }) => Array.from(records))).toEqual(linesOf(text));
        const starts = [0, ...Array.from(text).flatMap((byte, i) => (byte === 10 ? [i + 1] : []))];
        const positions = batches.flatMap(({ records, locate }) => Array.from(records, (_, i) => locate(i)));
        expect(positions).toEqual(linesOf(text).map((_, i) => ({ file, line: i + 1, byte: starts[i] })));
      }),
      { numRuns: 50 },
    );
  });

  it('are an error that names file and byte wherever the file is truncated', async () => {
    const packed = compress(Buffer.from(Array.from({ length: 30 }, (_, i) => `line ${i * i}\n`).join('')));
    for (let size = 1; size < packed.length; size += 1) {
      const file = write('torn', packed.subarray(0, size));
      const error = await read(file, size).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SourceError);
      expect(error).toMatchObject({
        file,
        byte: expect.any(Number),
        message: expect.stringContaining('truncated'),
      });
    }
  });

  it('are an error that names file and byte where the file is corrupt', async () => {
    const packed = Buffer.from(compress(Buffer.from('one\ntwo\n'.repeat(1000))));
    packed[1] = packed[1]! ^ 0xff;
    packed[8] = packed[8]! ^ 0xff;
    const file = write('corrupt', packed);
    const error = await read(file, packed.length).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({
      file,
      byte: expect.any(Number),
      message: expect.stringContaining('corrupt'),
    });
  });

  it('include those of all its members, or say that something follows', async () => {
    const packed = Buffer.concat([compress(Buffer.from('one\ntw')), compress(Buffer.from('o\nthree'))]);
    const found = read(write('joined', packed), packed.length);
    if (joins) expect(await found).toEqual(['one', 'two', 'three']);
    else await expect(found).rejects.toThrow('other data follows its compressed text');
  });

  it('come in batches of bounded size, and may be left early', async () => {
    const packed = compress(Buffer.alloc(8 * MEBIBYTE, 'line\n'));
    const file = write('large', packed);
    let batches = 0;
    for await (const { records } of readLines(wholeFile(file, packed.length, compression))) {
      expect(records.length).toBeLessThan(20_000);
      if (++batches === 3) break;
    }
  });
});

describe('lines of a gzip file', () => {
  it('end where zeros follow, and are an error where anything else does', async () => {
    const packed = gzipSync('one\ntwo\n');
    const padded = Buffer.concat([packed, Buffer.alloc(300)]);
    const read = (bytes: Buffer): Promise<unknown[]> =>
      recordsOf([readLines(wholeFile(write('padded.gz', bytes), bytes.length, 'gzip'))]);
    expect(await read(padded)).toEqual(['one', 'two']);
    await expect(read(Buffer.concat([padded, packed]))).rejects.toThrow('other data follows');
    await expect(read(Buffer.concat([packed, Buffer.from('text')]))).rejects.toThrow('corrupt');
  });

  it('that vanished are an error that names it', async () => {
    const file = write('vanished.gz', gzipSync('one'));
    rmSync(file);
    await expect(recordsOf([readLines(wholeFile(file, 23, 'gzip'))])).rejects.toThrow(`${file} has vanished`);
    writeFileSync(file, '');
    await expect(recordsOf([readLines(wholeFile(file, 23, 'gzip'))])).rejects.toThrow('has shrunk');
  });
});
