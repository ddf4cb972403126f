import type { BlockOutput } from '../../blocks/block-output.js';
import { BLOCK_BYTES, RunWriter } from './run-writer.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { SortRun } from '../../blocks/sort-index.js';
import { spillingWriter, type SpillingWriter } from '../spilling-writer.js';
import { SortRows } from './sort-rows.js';
import { MOST_ROWS } from './sorted-order.js';
import type { SortSpec } from './spec.js';

/** Enough that the ranges of keys come out equal within a few percent; the parent holds them all. */
const SAMPLES_OF_RUN = 128;

/**
 * The map side of a sort: what one task emits, as sorted runs, stably. Whenever records are estimated at more than
 * `place.memory` bytes they become a run. A class, for the reason that `CombineWriter` gives.
 */
export class SortWriter {
  readonly #rows = new SortRows();
  readonly #samples: SortRun[] = [];
  readonly #memory: number;
  readonly #files: SpillingWriter;

  constructor({ descending }: SortSpec, place: SpillPlace) {
    const [rows, samples] = [this.#rows, this.#samples];
    const gathered = {
      flush(output: BlockOutput) {
        if (rows.count > 0) samples.push(writeRun(rows, output, samples.length, descending));
        rows.clear();
      },
      release: () => rows.clear(),
    };
    this.#memory = place.memory;
    this.#files = spillingWriter(gathered, place);
  }

  /** Takes the next record in the order of the input. May write to the disk. After an error call `abort`. */
  add(key: unknown, record: unknown): void {
    const rows = this.#rows;
    rows.add(key, record);
    if (rows.bytes > this.#memory || rows.count >= MOST_ROWS) this.#files.spill();
  }

  /** Makes a run of what is there. After an error call `abort`. */
  endExtent(): void {
    this.#files.flush();
  }

  /** Hands over everything, with `samples` for `planSort`. On an error its files are already removed. */
  finish(): MapOutput {
    return { ...this.#files.finish(), samples: this.#samples };
  }

  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void {
    this.#files.abort();
  }
}

/** Writes rows as one sorted run, and gives its index. */
function writeRun(rows: SortRows, output: BlockOutput, number: number, descending: boolean): SortRun {
  const { count } = rows;
  const order = rows.order(descending);
  output.begin(number);
  // A run of many blocks can be cut finely, but tiny blocks cost more than they save.
  const run = new RunWriter(output, Math.min(BLOCK_BYTES, Math.max(BLOCK_BYTES / 16, rows.bytes / 256)));
  run.write(rows, order);
  const sampled = Math.min(count, SAMPLES_OF_RUN);
  return {
    firstKeys: run.firstKeys,
    lengths: run.lengths,
    samples: Array.from({ length: sampled }, (_, i) =>
      rows.keys.keyAt(order[Math.floor(((i + 0.5) * count) / sampled)]!),
    ),
  };
}
