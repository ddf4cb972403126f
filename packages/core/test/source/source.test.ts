import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SerializationError, SourceError } from '../../src/errors.js';
import type { ChunkOptions, Partitions } from '../../src/source/chunk.js';
import { itemsSource } from '../../src/source/items.js';
import { rangeSource } from '../../src/source/range.js';
import { readChunk } from '../../src/source/read-chunk.js';
import { partition, type Source } from '../../src/source/source.js';
import { temporaryFiles } from './temporary-files.js';
import { linesOf, recordsOf, texts } from './texts.js';

const { directory, write } = temporaryFiles();

async function read({ chunks }: Partitions): Promise<unknown[]> {
  const all = [];
  for await (const chunk of chunks) all.push(chunk);
  return recordsOf(all.map((chunk) => readChunk(structuredClone(chunk))));
}

const readAll = async (source: Source, options: ChunkOptions = {}): Promise<unknown[]> =>
  read(await partition(source, options));

describe('partition and readChunk', () => {
  it('give the items of a list, located by index', async () => {
    const items = [1n, new Map([[1, NaN]]), undefined, { a: -0 }, 'x'];
    expect(await readAll(itemsSource(items), { chunkSize: 2 })).toEqual(items);
    const { chunks } = await partition(itemsSource(items), { chunkSize: 2 });
    const positions = [];
    for await (const chunk of chunks) {
      for await (const { records, locate } of readChunk(chunk)) {
        positions.push(...Array.from(records, (_, i) => locate(i)));
      }
    }
    expect(positions).toEqual([0, 1, 2, 3, 4].map((index) => ({ index })));
  });

  it('name the item that cannot cross by its index in the source', async () => {
    const items = [1, 2, 3, { f: () => 1 }];
    const reading = readAll(itemsSource(items), { chunkSize: 2 });
    await expect(reading).rejects.toThrow(SerializationError);
    await expect(readAll(itemsSource(new Set(items)))).rejects.toThrow('input[3].f is a function');
  });

  it('give the numbers of a range', async () => {
    expect(await readAll(rangeSource(0, 10, 3))).toEqual([0, 3, 6, 9]);
  });

  it('give the lines of all files, and their bytes, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, fc.integer({ min: 1, max: 70 }), async (a, b, chunkBytes) => {
        const paths = [write('text/a.txt', a), write('text/b.txt', b), write('text/c.txt.gz', gzipSync(a))];
        const lines = [...linesOf(a), ...linesOf(b), ...linesOf(a)];
        expect(await readAll({ kind: 'text', format: 'lines', paths }, { chunkBytes })).toEqual(lines);
        const blocks = await readAll({ kind: 'text', format: 'blocks', paths }, { chunkBytes });
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
    const partitions = await partition(
      { kind: 'files', paths: [`${directory}/files/*`] },
      { chunkSize: undefined },
    );
    expect(partitions).toMatchObject({ count: 3, bytes: 3 });
    expect(await read(partitions)).toEqual(records);
    expect((await partition({ kind: 'files', paths }, { chunkSize: 2 })).count).toBe(2);
  });

  it('find a missing file before anything is read', async () => {
    for (const kind of ['files', 'text'] as const) {
      const source: Source = { kind, format: 'lines', paths: [`${directory}/none`] };
      await expect(partition(source, {})).rejects.toThrow(SourceError);
    }
  });
});
