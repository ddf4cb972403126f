import type { BlockOutput } from '../../blocks/block-output.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import { detachText } from '../keys/detach-text.js';
import type { KeyIndex } from '../keys/key-index.js';
import { spillingWriter } from '../spilling-writer.js';
import { seedOfLevel } from '../split.js';
import { GroupLog } from './log.js';

/** The map side of a shuffle that groups: what one task emits, as lists of values a key. */
export interface GroupWriter {
  /**
   * Takes the next value in the order of the input; `tag` says which input of a cogroup it came from, from 0 to one
   * less than the number of inputs. May write to the disk. After an error call `abort`.
   */
  add(key: unknown, tag: number, value: unknown): void;
  /** Hands over everything. On an error its files are already removed. */
  finish(): MapOutput;
  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void;
}

/**
 * Gathers the values of every key, in their order, and hashes the keys into `partitions` buckets. When the values are
 * estimated at more than `place.memory` bytes they are written out, so a key may occur in several segments of a bucket.
 *
 * @param tags the number of inputs: 1 for a groupByKey.
 */
export function groupWriter(tags: number, partitions: number, place: SpillPlace): GroupWriter {
  const log = new GroupLog(tags, seedOfLevel(0));
  const bucketOf = (index: KeyIndex, record: number): number => index.hash(record) % partitions;
  const { memory } = place;
  const gathered = {
    flush: (output: BlockOutput) => log.flush(output, partitions, bucketOf),
    release: () => log.release(),
  };
  const { spill, finish, abort } = spillingWriter(gathered, place);
  return {
    add(key, tag, value) {
      log.add(key, tag, detachText(value));
      if (log.bytes > memory) spill();
    },
    finish,
    abort,
  };
}
