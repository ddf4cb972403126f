import { decode } from '../values/codec.js';
import { readBlocks } from './readers/blocks.js';
import type { Batches, ItemsChunk, SourceChunk } from './chunk.js';
import { readLines } from './readers/lines.js';
import { readRange } from './range.js';

/** The records of a chunk in order, in the process that maps them. */
export function readChunk(chunk: SourceChunk): Batches {
  switch (chunk.kind) {
    case 'items':
      return readItems(chunk);
    case 'range':
      return readRange(chunk);
    case 'bytes':
      return chunk.format === 'lines' ? readLines(chunk) : readBlocks(chunk);
  }
}

function readItems({ items, first }: ItemsChunk): Batches {
  const records = decode(items) as ArrayLike<unknown>;
  return [{ records, locate: (i) => ({ index: first + i }) }];
}
