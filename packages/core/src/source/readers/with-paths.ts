import type { FileChunk, PackedChunk } from '../files/bytes-chunk.js';
import { NO_RECORD, type Batch, type Batches, type ChunkReader } from '../source.js';

/** What was read, with the file that it is of. */
type Read = readonly [file: string, read: unknown];

/** Makes pairs of the records of a reader: the absolute path of the file, and the record. */
export function withPaths<C extends FileChunk>(reader: ChunkReader<C>): ChunkReader<C> {
  const { parse } = reader;
  return {
    read(chunk) {
      const of: FileChunk = chunk;
      return of.kind === 'packed' ? readPacked(of, chunk, reader) : paired(reader.read(chunk), of.file);
    },
    parse(given) {
      const [file, read] = given as Read;
      const record = parse === undefined ? read : parse.call(reader, read);
      return record === NO_RECORD ? NO_RECORD : [file, record];
    },
  };
}

/** A batch may not tell which of many files it is of, so each file is read by itself. */
function* readPacked<C extends FileChunk>(
  { files, sizes, ids }: PackedChunk,
  chunk: C,
  reader: ChunkReader<C>,
): Generator<Batch> {
  for (const [i, file] of files.entries()) {
    const one: C = { ...chunk, files: [file], sizes: [sizes[i]!], ids: [ids[i]!] };
    yield* paired(reader.read(one), file) as Iterable<Batch>;
  }
}

function paired(batches: Batches, file: string): Batches {
  return Symbol.asyncIterator in batches ? pairedLater(batches, file) : pairedNow(batches, file);
}

function* pairedNow(batches: Iterable<Batch>, file: string): Generator<Batch> {
  for (const batch of batches) yield pair(batch, file);
}

async function* pairedLater(batches: AsyncIterable<Batch>, file: string): AsyncGenerator<Batch> {
  for await (const batch of batches) yield pair(batch, file);
}

function pair(batch: Batch, file: string): Batch {
  const { records } = batch;
  return {
    records: Array.from(records, (read): Read => [file, read]),
    shown: (i) => records[i],
    locate: (i) => batch.locate(i),
  };
}
