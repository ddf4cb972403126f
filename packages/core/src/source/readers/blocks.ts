import type { Batch, Batches, BytesChunk } from '../chunk.js';
import { decompressedBlocks } from '../files/decompressed-blocks.js';
import { fileBlocks } from '../files/file-blocks.js';
import { lineFinder } from '../files/line-finder.js';
import type { BlockLimits } from '../files/record-blocks.js';

const LIMITS: BlockLimits = {
  blockBytes: 1 << 20,
  // The longest that one read may have.
  recordBytes: 2 ** 31 - 1,
  // The user may keep every block.
  reuse: false,
};

/**
 * The lines that start in a byte range as blocks of bytes, about 1 MiB or one longer line each. A block ends after a LF,
 * or with the file. Nothing is added or dropped: the blocks of all ranges of a file, joined, are the file.
 *
 * @param limits For tests.
 * @throws SourceError for a file that has changed or cannot be read, and for a line of 2 GiB.
 */
export function readBlocks(chunk: BytesChunk, limits = LIMITS): Batches {
  return chunk.compression === 'none' ? readPlain(chunk, limits) : readCompressed(chunk, limits);
}

function* readPlain(chunk: BytesChunk, limits: BlockLimits): Generator<Batch, void, undefined> {
  const find = lineFinder(chunk.file);
  for (const { bytes, at } of fileBlocks(chunk, limits))
    yield { records: [bytes], locate: () => find(at, 0) };
}

async function* readCompressed(
  chunk: BytesChunk,
  limits: BlockLimits,
): AsyncGenerator<Batch, void, undefined> {
  const { file } = chunk;
  for await (const { bytes, at } of decompressedBlocks(chunk, limits)) {
    yield { records: [bytes], locate: () => ({ file, byte: at }) };
  }
}
