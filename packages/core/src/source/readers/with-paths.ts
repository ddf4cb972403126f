import type { FileChunk, PackedChunk } from '../files/bytes-chunk.js';
import { NO_RECORD, type Batch, type Batches, type ChunkReader } from '../source.js';

/** What was read, with what is known of its file. */
type Read<Known> = readonly [known: Known, read: unknown];

/** Makes pairs of the records of a reader: the absolute path of the file, and the record. */
export function withPaths<C extends FileChunk>(reader: ChunkReader<C>): ChunkReader<C> {
  return withFiles(
    reader,
    (file) => file,
    (file, record) => [file, record],
  );
}

/**
 * Makes something else of the records of a reader and their files.
 *
 * @param know What is to be known of a file, by its absolute path; called while nobody's record is under way.
 */
export function withFiles<C extends FileChunk, Known>(
  reader: ChunkReader<C>,
  know: (file: string) => Known,
  make: (known: Known, record: unknown) => unknown,
): ChunkReader<C> {
  const { parse } = reader;
  return {
    read(chunk) {
      const of: FileChunk = chunk;
      return of.kind === 'packed'
        ? readPacked(of, chunk, reader, know)
        : paired(reader.read(chunk), know(of.file));
    },
    parse(given) {
      const [known, read] = given as Read<Known>;
      const record = parse === undefined ? read : parse.call(reader, read);
      return record === NO_RECORD ? NO_RECORD : make(known, record);
    },
  };
}

/** A batch may not tell which of many files it is of, so each file is read by itself. */
function* readPacked<C extends FileChunk>(
  { files, sizes, ids }: PackedChunk,
  chunk: C,
  reader: ChunkReader<C>,
  know: (file: string) => unknown,
): Generator<Batch> {
  for (const [i, file] of files.entries()) {
    const one: C = { ...chunk, files: [file], sizes: [sizes[i]!], ids: [ids[i]!] };
    yield* paired(reader.read(one), know(file)) as Iterable<Batch>;
  }
}

function paired(batches: Batches, known: unknown): Batches {
  return Symbol.asyncIterator in batches ? pairedLater(batches, known) : pairedNow(batches, known);
}

function* pairedNow(batches: Iterable<Batch>, known: unknown): Generator<Batch> {
  for (const batch of batches) yield pair(batch, known);
}

async function* pairedLater(batches: AsyncIterable<Batch>, known: unknown): AsyncGenerator<Batch> {
  for await (const batch of batches) yield pair(batch, known);
}

function pair(batch: Batch, known: unknown): Batch {
  const { records, shown } = batch;
  return {
    records: Array.from(records, (read): Read<unknown> => [known, read]),
    shown: (i) => (shown === undefined ? records[i] : shown.call(batch, i)),
    locate: (i) => batch.locate(i),
  };
}
