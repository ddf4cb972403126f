import * as zlib from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceError } from '../../../src/errors.js';
import { cutFiles } from '../../../src/source/files/byte-ranges.js';
import type { BytesChunk, FileChunk } from '../../../src/source/files/bytes-chunk.js';
import type { ChunkOptions } from '../../../src/source/source.js';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

function cut(sizes: Record<string, number>, options: ChunkOptions = {}) {
  const files = Object.entries(sizes).map(([path, size]) => ({ path, size, id: path }));
  const { chunks, count, bytes } = cutFiles(files, options);
  return { chunks: Array.from(chunks as Iterable<BytesChunk>), count, bytes };
}

describe('cutFiles', () => {
  it('covers every file without gap or overlap, in chunks of chunkBytes', () => {
    const size = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(fc.array(size, { maxLength: 5 }), fc.integer({ min: 1, max: 120 }), (sizes, chunkBytes) => {
        const files = Object.fromEntries(sizes.map((bytes, i) => [`f${i}`, bytes]));
        const { chunks, count, bytes } = cut(files, { chunkBytes });
        expect(count).toBe(chunks.length);
        expect(bytes).toBe(sizes.reduce((a, b) => a + b, 0));
        const expected = sizes.flatMap((size, i) =>
          Array.from({ length: Math.ceil(size / chunkBytes) }, (_, part) => {
            const start = part * chunkBytes;
            return { file: `f${i}`, start, end: Math.min(start + chunkBytes, size) };
          }),
        );
        expect(chunks.map(({ file, start, end }) => ({ file, start, end }))).toEqual(expected);
      }),
    );
  });

  it.each([
    [10 * KIBIBYTE, 256 * KIBIBYTE],
    [256 * MEBIBYTE, 256 * KIBIBYTE],
    [1024 * MEBIBYTE, MEBIBYTE],
    [100_000 * MEBIBYTE, 8 * MEBIBYTE],
  ])('takes chunks by the size of all input alone: of %d bytes, %d', (total, expected) => {
    const { chunks } = cut({ a: total / 2, b: total / 2 });
    expect(chunks[0]!.end).toBe(Math.min(total / 2, expected));
  });

  it('makes one chunk of a compressed file, and none of an empty one', () => {
    expect(cut({ 'a.gz': 100, 'b.BR': 50, 'c.txt': 0, 'd.gz': 0, 'e.gz.txt': 1 }, { chunkBytes: 7 })).toEqual(
      {
        chunks: [
          { kind: 'bytes', file: 'a.gz', start: 0, end: 100, compression: 'gzip', id: expect.any(String) },
          { kind: 'bytes', file: 'b.BR', start: 0, end: 50, compression: 'brotli', id: expect.any(String) },
          { kind: 'bytes', file: 'e.gz.txt', start: 0, end: 1, compression: 'none', id: expect.any(String) },
        ],
        count: 3,
        bytes: 151,
      },
    );
  });

  it('makes one chunk of a file whose size nobody knows', () => {
    const files = [
      { path: 'a', size: 0, id: '1', isUnsized: true },
      { path: 'b', size: 9, id: '2' },
    ];
    const { chunks, count } = cutFiles(files, {});
    expect(count).toBe(2);
    expect(Array.from(chunks as Iterable<BytesChunk>)).toMatchObject([
      { file: 'a', start: 0, end: Infinity, isUnsized: true, id: '1' },
      { file: 'b', start: 0, end: 9, id: '2' },
    ]);
  });

  it('has small files share chunks where there are many, in order, and no others', () => {
    const sizeOf = (i: number): number => (i % 100 === 7 ? 300 * KIBIBYTE : i % 10 === 3 ? 0 : 4 * KIBIBYTE);
    const names = Array.from({ length: 5000 }, (_, i) => `f${i}${i % 50 === 9 ? '.gz' : ''}`);
    const sizes = Object.fromEntries(names.map((name, i) => [name, sizeOf(i)]));
    const { chunks, count } = cutFiles(
      Object.entries(sizes).map(([path, size]) => ({ path, size, id: path })),
      {},
    );
    const all = Array.from(chunks as Iterable<FileChunk>);
    expect(all).toHaveLength(count!);
    expect(all.length).toBeLessThan(2000);
    const shared = all.flatMap((chunk) => (chunk.kind === 'bytes' ? [] : [chunk]));
    expect(Math.max(...shared.map(({ files }) => files.length))).toBeLessThanOrEqual(5);
    expect(shared.map(({ ids }) => ids)).toEqual(shared.map(({ files }) => files));
    const sharing = shared.flatMap(({ files }) => files);
    expect(sharing.filter((file) => sizes[file] !== 4 * KIBIBYTE || file.endsWith('gz'))).toEqual([]);
    const read = new Map<string, number>();
    for (const chunk of all) {
      const parts =
        chunk.kind === 'bytes'
          ? [[chunk.file, chunk.end - chunk.start] as const]
          : chunk.files.map((file, i) => [file, chunk.sizes[i]!] as const);
      for (const [file, bytes] of parts) read.set(file, (read.get(file) ?? 0) + bytes);
    }
    expect([...read]).toEqual(Object.entries(sizes).filter(([, size]) => size > 0));
  });

  it('lets no file share a chunk that is larger than chunkBytes', () => {
    const sizes = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`f${i}`, 40]));
    const { chunks } = cut(sizes, { chunkBytes: 100 });
    expect(chunks).toHaveLength(1500);
    expect(cut(sizes, { chunkBytes: 79 }).chunks).toHaveLength(3000);
  });

  it('takes zstd files only where Node.js reads them', () => {
    if ('createZstdDecompress' in zlib) {
      expect(cut({ 'a.zst': 9 }).chunks[0]!.compression).toBe('zstd');
    } else {
      expect(() => cut({ 'a.zst': 9 })).toThrow(SourceError);
      expect(() => cut({ 'a.zst': 9 })).toThrow('a.zst needs a Node.js with zstd');
    }
  });
});
