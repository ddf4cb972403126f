import { BLOCK_BYTES, BlockOutput } from '../../blocks/block-output.js';
import { SizeSampler } from '../../blocks/size-estimate.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { encodeRecords, type ResultIndex } from '../blame/result-index.js';
import type { TaskContext, TaskPlace } from '../task-context.js';
import type { OpenUsage } from '../usage/open-usage.js';
import type { OpenSink } from './open-sink.js';

/**
 * Gathers the records of a task for the parent. Records leave in blocks: a task that makes far more than it reads (a
 * flatMap, a large bucket) holds one block of them, and so does the parent, since what is too much for a reply goes to a
 * file in the run's directory.
 */
export function collectSink(
  limit: number | undefined,
  context: CollectContext,
  index: ResultIndex,
): OpenSink {
  return new CollectSink(limit, context, index);
}

type CollectContext = Pick<TaskContext, 'place' | 'usage'>;

/**
 * A class, for the reason that `CombineWriter` gives. An object with a getter of its own would be of another shape in each
 * task besides, and its `push` would have to be looked for at every record.
 */
class CollectSink implements OpenSink {
  readonly isBounded: boolean;
  readonly #limit: number | undefined;
  readonly #place: TaskPlace;
  readonly #usage: OpenUsage | undefined;
  readonly #index: ResultIndex;
  readonly #sampler = new SizeSampler();
  /** After how many records each chunk has ended. */
  readonly #ends: number[] = [];
  #output: BlockOutput;
  #parts = 0;
  #records: unknown[] = [];
  #bytes = 0;
  #count = 0;

  constructor(limit: number | undefined, { place, usage }: CollectContext, index: ResultIndex) {
    this.isBounded = limit !== undefined;
    this.#limit = limit;
    this.#place = place;
    this.#usage = usage;
    this.#index = index;
    this.#output = this.#open(place.spill.name);
  }

  get isFull(): boolean {
    return this.#limit !== undefined && this.#count >= this.#limit;
  }

  push(record: unknown): void {
    const kept = withValuesInMemory(record);
    this.#records.push(kept);
    this.#count += 1;
    this.#bytes += 16 + this.#sampler.of(kept);
    if (this.#bytes >= BLOCK_BYTES) this.#write();
  }

  endChunk(): void {
    this.#ends.push(this.#count);
  }

  finish(): ReturnType<OpenSink['finish']> {
    this.#write();
    const [segment] = this.#output.finish().segments;
    const { file, data = new Uint8Array(), length } = segment ?? { length: 0 };
    return { value: file === undefined ? data : { file, length }, bytes: length };
  }

  takePart(): ReturnType<OpenSink['finish']> {
    const part = this.finish();
    this.#parts += 1;
    this.#output = this.#open(`${this.#place.spill.name}-part-${this.#parts}`);
    return part;
  }

  abort(): void {
    this.#output.remove();
  }

  #open(name: string): BlockOutput {
    const { spill, inlineResult } = this.#place;
    const output = new BlockOutput({ ...spill, name, inline: inlineResult });
    output.begin(0);
    return output;
  }

  #write(): void {
    const records = this.#records;
    if (records.length === 0) return;
    const usage = this.#usage;
    const block = (): Uint8Array =>
      encodeRecords(records, this.#index, this.#count - records.length, this.#ends);
    this.#output.block(usage ? usage.serializing(block) : block(), records.length);
    this.#records = [];
    this.#bytes = 0;
  }
}
