import { BLOCK_BYTES, BlockOutput } from '../../blocks/block-output.js';
import type { ShuffleIo } from '../../shuffle/combining.js';
import { SizeSampler } from '../../blocks/size-estimate.js';
import { copySpilled } from '../../shuffle/group/spilled-values.js';
import type { ResultBytes } from '../../protocol/messages.js';
import type { Cursor } from '../blame/blame.js';
import { encodeRecords, type ResultPlace } from '../blame/result-index.js';

/** Up to this many bytes of collected records travel in the reply; the parent holds a few dozen replies at a time. */
const INLINE = 2 * 2 ** 20;

/** Gathers the records of a task for the parent. */
export interface CollectSink {
  push(record: unknown): void;
  endChunk(): void;
  finish(): ResultBytes;
  abort(): void;
}

/**
 * Records leave in blocks: a task that makes far more than it reads (a flatMap, a large bucket) holds one block of them,
 * and so does the parent, since what is too much for a reply goes to a file in the run's directory.
 */
export function collectSink(
  limit: number | undefined,
  cursor: Cursor,
  io: ShuffleIo,
  place: ResultPlace,
): CollectSink {
  const output = new BlockOutput({ ...io, inline: Math.min(INLINE, io.memory) });
  const sampler = new SizeSampler();
  let records: unknown[] = [];
  let [bytes, count] = [0, 0];
  /** After how many records each chunk has ended. */
  const ends: number[] = [];
  output.begin(0);

  const write = (): void => {
    if (records.length === 0) return;
    output.block(encodeRecords(records, place, count - records.length, ends), records.length);
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
    endChunk: () => void ends.push(count),
    finish() {
      write();
      const [segment] = output.finish().segments;
      const { file, data = new Uint8Array(), length } = segment ?? { length: 0 };
      return file === undefined ? data : { file, length };
    },
    abort: () => output.remove(),
  };
}
