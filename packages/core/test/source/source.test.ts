import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SerializationError, SourceError } from '../../src/errors.js';
import { fileListSource } from '../../src/source/file-list.js';
import { fileSource } from '../../src/source/files/file-source.js';
import type { ItemsChunk } from '../../src/source/items-chunk.js';
import { itemsSource } from '../../src/source/items.js';
import { rangeSource } from '../../src/source/range.js';
import { readers } from '../../src/source/reader-table.js';
import type { ChunkOptions, ChunkReader, Cut, Source, SourceChunk } from '../../src/source/source.js';
import { temporaryFiles } from './temporary-files.js';
import { linesOf, recordsOf, texts } from './texts.js';

const { directory, write } = temporaryFiles();

/** What a child reads of the chunks, which travel as plain data. */
async function read<C extends SourceChunk>({ chunks }: Cut, reader: ChunkReader<C>): Promise<unknown[]> {
  const all: C[] = [];
  for await (const chunk of chunks) all.push(chunk as C);
  return recordsOf(all.map((chunk) => reader.read(structuredClone(chunk))));
}

async function readAll<C extends SourceChunk>(
  source: Source,
  reader: ChunkReader<C>,
  options: ChunkOptions = {},
): Promise<unknown[]> {
  return read(await source.cut(options), reader);
}

describe('the two halves of a source', () => {
  it('give the items of a list, located by index', async () => {
    const items = [1n, new Map([[1, NaN]]), undefined, { a: -0 }, 'x'];
    expect(await readAll(itemsSource(items), readers.items, { chunkSize: 2 })).toEqual(items);
    const { chunks } = await itemsSource(items).cut({ chunkSize: 2 });
    const positions = [];
    for await (const chunk of chunks) {
      for await (const { records, locate } of readers.items.read(chunk as ItemsChunk)) {
        positions.push(...Array.from(records, (_, i) => locate(i)));
      }
    }
    expect(positions).toEqual([0, 1, 2, 3, 4].map((index) => ({ index })));
  });

  it('name the item that cannot cross by its index in the source', async () => {
    const items = [1, 2, 3, { f: () => 1 }];
    const reading = readAll(itemsSource(items), readers.items, { chunkSize: 2 });
    await expect(reading).rejects.toThrow(SerializationError);
    await expect(readAll(itemsSource(new Set(items)), readers.items)).rejects.toThrow(
      'input[3].f is a function',
    );
  });

  it('give the numbers of a range', async () => {
    expect(await readAll(rangeSource(0, 10, 3), readers.range)).toEqual([0, 3, 6, 9]);
  });

  it('give the lines of all files, and their bytes, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, fc.integer({ min: 1, max: 70 }), async (a, b, chunkBytes) => {
        const paths = [write('text/a.txt', a), write('text/b.txt', b), write('text/c.txt.gz', gzipSync(a))];
        const lines = [...linesOf(a), ...linesOf(b), ...linesOf(a)];
        const source = fileSource('textLines', paths);
        expect(await readAll(source, readers.lines(), { chunkBytes })).toEqual(lines);
        const blocks = await readAll(source, readers.blocks(), { chunkBytes });
        expect(Buffer.concat(blocks as Uint8Array[]).equals(Buffer.concat([a, b, a]))).toBe(true);
      }),
    );
  });

  it('give path and size of files, a chunk each', async () => {
    const paths = [write('files/b', 'bb'), write('files/a', ''), write('files/c', 'c')];
    const records = [
      { path: paths[1], size: 0 },
      { path: paths[0], size: 2 },
      { path: paths[2], size: 1 },
    ];
    const cut = await fileListSource([`${directory}/files/*`]).cut({ chunkSize: undefined });
    expect(cut).toMatchObject({ count: 3, bytes: 3 });
    expect(await read(cut, readers.items)).toEqual(records);
    expect((await fileListSource(paths).cut({ chunkSize: 2 })).count).toBe(2);
  });

  it('find a missing file before anything is read', async () => {
    const paths = [`${directory}/none`];
    for (const source of [fileListSource(paths), fileSource('textLines', paths)]) {
      await expect(source.cut({})).rejects.toThrow(SourceError);
    }
  });
});
