import { BlockOutput } from '../../blocks/block-output.js';
import { CombineTable } from './table.js';
import { detachText } from '../keys/detach-text.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { Combining } from '../combining.js';
import { seedOfLevel } from '../split.js';

/** The map side of a shuffle that combines: what one task emits, as one accumulator a key. */
export interface CombineWriter<V> {
  /** Takes the next value in the order of the input. May write to the disk. After an error call `abort`. */
  add(key: unknown, value: V): void;
  /** Hands over everything. On an error its files are already removed. */
  finish(): MapOutput;
  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void;
}

/**
 * Combines values by key and hashes the keys into `partitions` buckets. When the table is estimated at more than
 * `io.memory` bytes it is written out and begun anew, so a key may occur in several segments of a bucket.
 */
export function combineWriter<V, A>(
  combining: Combining<V, A>,
  partitions: number,
  io: SpillPlace,
): CombineWriter<V> {
  const table = new CombineTable<A>(seedOfLevel(0));
  const output = new BlockOutput(io);
  const { memory } = io;
  const create = (value: V): A => detachText(combining.create(value));
  const next = (accumulator: A, value: V): A => combining.add(accumulator, value);

  return {
    add(key, value) {
      table.put(key, value, create, next);
      if (table.bytes <= memory) return;
      output.toFile();
      table.flush(output, partitions);
    },
    finish() {
      try {
        table.flush(output, partitions);
        return output.finish();
      } catch (error) {
        output.remove();
        throw error;
      }
    },
    abort() {
      table.clear();
      output.remove();
    },
  };
}
