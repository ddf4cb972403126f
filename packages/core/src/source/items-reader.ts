import { decode } from '../values/codec.js';
import type { ItemsChunk } from './items-chunk.js';
import type { Batches, ChunkReader } from './source.js';

/** Reads the items of a chunk, all at once. */
export const items: ChunkReader<ItemsChunk> = { read: readItems };

function readItems({ items: given, first }: ItemsChunk): Batches {
  const records = ArrayBuffer.isView(given) ? (decode(given) as ArrayLike<unknown>) : given;
  return [{ records, first, locate: (i) => ({ index: first + i }) }];
}
