import type { BlockOutput } from '../../blocks/block-output.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { Combining } from '../combining.js';
import { LEFT_SHARE, spillingWriter, type SpillingWriter } from '../spilling-writer.js';
import { seedOfLevel } from '../split.js';
import { CombineTable } from './table.js';

/**
 * The map side of a shuffle that combines: what one task emits, as one accumulator a key. Keys are hashed into buckets. When what
 * an extent has put in the table is estimated at more than `place.memory` bytes it is written out and begun anew, so a key may
 * occur in several segments of a bucket.
 *
 * It is a class, as is whatever else takes each record: a closure would be another function in each task, for which V8 would
 * throw away the code that it had made for the first one.
 */
export class CombineWriter<V, A> {
  readonly #table: CombineTable<V, A>;
  readonly #memory: number;
  readonly #files: SpillingWriter;

  constructor(combining: Combining<V, A>, partitions: number, place: SpillPlace) {
    const table = new CombineTable(seedOfLevel(0), combining);
    this.#table = table;
    this.#memory = place.memory;
    const gathered = {
      flush: (output: BlockOutput) => table.flush(output, partitions),
      release: () => table.release(),
    };
    this.#files = spillingWriter(gathered, place);
  }

  /**
   * Takes the next value in the order of the input. May write to the disk. After an error call `abort`.
   *
   * @param hint See `Batch.hints`.
   */
  add(key: unknown, value: V, hint = 0): void {
    const table = this.#table;
    if (table.put(key, value, hint) && table.extentBytes > this.#memory) this.#files.spill();
  }

  /** Nothing that comes later is combined with what is there. After an error call `abort`. */
  endExtent(): void {
    const table = this.#table;
    if (table.bytes > LEFT_SHARE * this.#memory) this.#files.flush();
    // What the next extent is estimated at must not depend on this one, even where nothing of it is left.
    table.endExtent();
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
