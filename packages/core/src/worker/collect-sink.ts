import { BLOCK_BYTES, BlockOutput } from '../shuffle/block-output.js';
import type { ShuffleIo } from '../shuffle/shuffle-spec.js';
import { SizeSampler } from '../shuffle/size-estimate.js';
import { copySpilled } from '../shuffle/spilled-values.js';
import { encode, encodePairs } from '../transport/codec.js';
import type { ResultBytes } from '../transport/messages.js';
import type { Cursor } from './cursor.js';

/** The records of a task, as far as the sink needs to know them. */
export interface Collected {
  /** The most that are wanted. */
  readonly limit: number | undefined;
  /** Index of the first record in its source, for messages. */
  readonly first: number;
  /** Whether all are pairs that a keyed verb has made, and no function has seen since. */
  readonly arePairs: boolean;
}

/** Up to this many bytes of collected records travel in the reply; the parent holds a few dozen replies at a time. */
const INLINE = 2 * 2 ** 20;

/** Gathers the records of a task for the parent. */
export interface CollectSink {
  push(record: unknown): void;
  finish(): ResultBytes;
  abort(): void;
}

/**
 * Records leave in blocks: a task that makes far more than it reads (a flatMap, a large bucket) holds one block of them,
 * and so does the parent, since what is too much for a reply goes to a file in the run's directory.
 */
export function collectSink(
  { limit, first, arePairs }: Collected,
  cursor: Cursor,
  io: ShuffleIo,
): CollectSink {
  const output = new BlockOutput({ ...io, inline: Math.min(INLINE, io.memory) });
  const sampler = new SizeSampler();
  let records: unknown[] = [];
  let [bytes, count] = [0, 0];
  output.begin(0);

  const write = (): void => {
    if (records.length === 0) return;
    const index = first + count - records.length;
    const bytesOfBlock = arePairs
      ? encodePairs(records as [unknown, unknown][], 'result', index)
      : encode(records, 'result', index);
    output.block(bytesOfBlock, records.length);
    records = [];
    bytes = 0;
  };

  if (limit === 0) cursor.done = true;
  return {
    push(record) {
      const kept = copySpilled(record);
      records.push(kept);
      count += 1;
      if (count === limit) cursor.done = true;
      bytes += 16 + sampler.of(kept);
      if (bytes >= BLOCK_BYTES) write();
    },
    finish() {
      write();
      const [segment] = output.finish().segments;
      const { file, data = new Uint8Array(), length } = segment ?? { length: 0 };
      return file === undefined ? data : { file, length };
    },
    abort: () => output.remove(),
  };
}
