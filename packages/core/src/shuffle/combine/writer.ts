import type { BlockOutput } from '../../blocks/block-output.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { Combining } from '../combining.js';
import { detachText } from '../keys/detach-text.js';
import { spillingWriter } from '../spilling-writer.js';
import { seedOfLevel } from '../split.js';
import { CombineTable } from './table.js';

/** The map side of a shuffle that combines: what one task emits, as one accumulator a key. */
export interface CombineWriter<V> {
  /** Takes the next value in the order of the input. May write to the disk. After an error call `abort`. */
  add(key: unknown, value: V): void;
  /** Nothing that comes later is combined with what is there. After an error call `abort`. */
  endExtent(): void;
  /** Hands over everything. On an error its files are already removed. */
  finish(): MapOutput;
  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void;
}

/** What is left of extents that have ended may take this share of the memory. */
const LEFT_SHARE = 1 / 8;

/**
 * Combines values by key and hashes the keys into `partitions` buckets. When what an extent has put in the table is estimated
 * at more than `place.memory` bytes it is written out and begun anew, so a key may occur in several segments of a bucket.
 */
export function combineWriter<V, A>(
  combining: Combining<V, A>,
  partitions: number,
  place: SpillPlace,
): CombineWriter<V> {
  const table = new CombineTable<A>(seedOfLevel(0));
  const create = (value: V): A => detachText(combining.create(value));
  const next = (accumulator: A, value: V): A => combining.add(accumulator, value);
  const { memory } = place;
  const gathered = {
    flush: (output: BlockOutput) => table.flush(output, partitions),
    release: () => table.release(),
  };
  const { spill, flush, finish, abort } = spillingWriter(gathered, place);
  return {
    add(key, value) {
      if (table.put(key, value, create, next) && table.extentBytes > memory) spill();
    },
    endExtent() {
      if (table.bytes > LEFT_SHARE * memory) flush();
      // What the next extent is estimated at must not depend on this one, even where nothing of it is left.
      table.endExtent();
    },
    finish,
    abort,
  };
}
