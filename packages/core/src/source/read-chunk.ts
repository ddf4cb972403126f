import { decode } from '../transport/codec.js';
import type { Batches, SourceChunk } from './chunk.js';
import { readRange } from './range.js';
import { readText } from './text.js';

/** The records of a chunk, in the process that maps them. */
export function readChunk(chunk: SourceChunk): Batches {
  switch (chunk.kind) {
    case 'items': {
      const records = decode(chunk.items) as ArrayLike<unknown>;
      return [{ records, locate: (i) => ({ index: chunk.first + i }) }];
    }
    case 'range':
      return readRange(chunk);
    case 'bytes':
      return readText(chunk);
  }
}
