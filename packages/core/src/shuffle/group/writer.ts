import { BlockOutput } from '../../blocks/block-output.js';
import { GroupLog } from './log.js';
import type { KeyIndex } from '../keys/key-index.js';
import { detachText } from '../keys/detach-text.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import { seedOfLevel } from '../split.js';

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
 * estimated at more than `io.memory` bytes they are written out, so a key may occur in several segments of a bucket.
 *
 * @param tags the number of inputs: 1 for a groupByKey.
 */
export function groupWriter(tags: number, partitions: number, io: SpillPlace): GroupWriter {
  const log = new GroupLog(tags, seedOfLevel(0));
  const output = new BlockOutput(io);
  const { memory } = io;
  const bucketOf = (index: KeyIndex, record: number): number => index.hash(record) % partitions;

  return {
    add(key, tag, value) {
      log.add(key, tag, detachText(value));
      if (log.bytes <= memory) return;
      output.toFile();
      log.flush(output, partitions, bucketOf);
    },
    finish() {
      try {
        log.flush(output, partitions, bucketOf);
        return output.finish();
      } catch (error) {
        output.remove();
        throw error;
      }
    },
    abort() {
      log.clear();
      output.remove();
    },
  };
}
