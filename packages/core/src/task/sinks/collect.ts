import { BLOCK_BYTES, BlockOutput } from '../../blocks/block-output.js';
import { SizeSampler } from '../../blocks/size-estimate.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { encodeRecords, type ResultIndex } from '../blame/result-index.js';
import type { TaskContext } from '../task-context.js';
import type { OpenSink } from './open-sink.js';

/**
 * Gathers the records of a task for the parent. Records leave in blocks: a task that makes far more than it reads (a
 * flatMap, a large bucket) holds one block of them, and so does the parent, since what is too much for a reply goes to a
 * file in the run's directory.
 */
export function collectSink(
  limit: number | undefined,
  { place: { spill, inlineResult }, usage }: Pick<TaskContext, 'place' | 'usage'>,
  index: ResultIndex,
): OpenSink {
  let output = new BlockOutput({ ...spill, inline: inlineResult });
  let parts = 0;
  const sampler = new SizeSampler();
  let records: unknown[] = [];
  let [bytes, count] = [0, 0];
  let isFull = limit === 0;
  /** After how many records each chunk has ended. */
  const ends: number[] = [];
  output.begin(0);

  const write = (): void => {
    if (records.length === 0) return;
    const block = (): Uint8Array => encodeRecords(records, index, count - records.length, ends);
    output.block(usage ? usage.serializing(block) : block(), records.length);
    records = [];
    bytes = 0;
  };

  function taken(): ReturnType<OpenSink['finish']> {
    write();
    const [segment] = output.finish().segments;
    const { file, data = new Uint8Array(), length } = segment ?? { length: 0 };
    return { value: file === undefined ? data : { file, length }, bytes: length };
  }

  return {
    isBounded: limit !== undefined,
    get isFull() {
      return isFull;
    },
    push(record) {
      const kept = withValuesInMemory(record);
      records.push(kept);
      count += 1;
      if (count === limit) isFull = true;
      bytes += 16 + sampler.of(kept);
      if (bytes >= BLOCK_BYTES) write();
    },
    endChunk: () => void ends.push(count),
    finish: taken,
    takePart() {
      const part = taken();
      parts += 1;
      output = new BlockOutput({ ...spill, name: `${spill.name}-part-${parts}`, inline: inlineResult });
      output.begin(0);
      return part;
    },
    abort: () => output.remove(),
  };
}
