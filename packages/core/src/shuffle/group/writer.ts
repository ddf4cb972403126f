import type { BlockOutput } from '../../blocks/block-output.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import { detachText } from '../keys/detach-text.js';
import type { KeyIndex } from '../keys/key-index.js';
import { LEFT_SHARE, spillingWriter, type SpillingWriter } from '../spilling-writer.js';
import { seedOfLevel } from '../split.js';
import { GroupLog } from './log.js';

/**
 * The map side of a shuffle that groups: what one task emits, as lists of values a key, in their order. Keys are hashed into
 * buckets. When what an extent has put in the log is estimated at more than `place.memory` bytes it is written out, so a key may
 * occur in several segments of a bucket; and each extent has its own entries in a segment, so that where a reader's memory is
 * full, and so the order of its keys, does not depend on the extents that share a task. A class, for the reason that `CombineWriter` gives.
 */
export class GroupWriter {
  readonly #log: GroupLog;
  readonly #memory: number;
  readonly #files: SpillingWriter;

  /** @param tags the number of inputs: 1 for a groupByKey. */
  constructor(tags: number, partitions: number, place: SpillPlace) {
    const log = new GroupLog(tags, seedOfLevel(0));
    const bucketOf = (index: KeyIndex, record: number): number => index.hash(record) % partitions;
    const gathered = {
      flush: (output: BlockOutput) => log.flush(output, partitions, bucketOf),
      release: () => log.release(),
    };
    this.#log = log;
    this.#memory = place.memory;
    this.#files = spillingWriter(gathered, place);
  }

  /**
   * Takes the next value in the order of the input; `tag` says which input of a cogroup it came from, from 0 to one
   * less than the number of inputs. May write to the disk. After an error call `abort`.
   */
  add(key: unknown, tag: number, value: unknown): void {
    this.#log.add(key, tag, detachText(value));
    if (this.#log.extentBytes > this.#memory) this.#files.spill();
  }

  /** Nothing that comes later goes with what is there. After an error call `abort`. */
  endExtent(): void {
    const log = this.#log;
    if (log.bytes > LEFT_SHARE * this.#memory) this.#files.flush();
    log.endExtent();
  }

  /** Hands over everything. On an error its files are already removed. */
  finish(): MapOutput {
    return this.#files.finish();
  }

  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void {
    this.#files.abort();
  }
}
