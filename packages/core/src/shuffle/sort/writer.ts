import type { BlockOutput } from '../../blocks/block-output.js';
import { BLOCK_BYTES, RunWriter } from './run-writer.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { SortRun } from '../../blocks/sort-index.js';
import { spillingWriter } from '../spilling-writer.js';
import { SortRows } from './sort-rows.js';
import { MOST_ROWS } from './sorted-order.js';
import type { SortSpec } from './spec.js';

/** Enough that the ranges of keys come out equal within a few percent; the parent holds them all. */
const SAMPLES_OF_RUN = 128;

/** The map side of a sort: what one task emits, as sorted runs. */
export interface SortWriter {
  /** Takes the next record in the order of the input. May write to the disk. After an error call `abort`. */
  add(key: unknown, record: unknown): void;
  /** Makes a run of what is there. After an error call `abort`. */
  endExtent(): void;
  /** Hands over everything, with `samples` for `planSort`. On an error its files are already removed. */
  finish(): MapOutput;
  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void;
}

/** Sorts records by key, stably. Whenever they are estimated at more than `place.memory` bytes they become a run. */
export function sortWriter({ descending }: SortSpec, place: SpillPlace): SortWriter {
  const samples: SortRun[] = [];
  const rows = new SortRows();
  const { memory } = place;
  const gathered = {
    flush(output: BlockOutput) {
      if (rows.count > 0) samples.push(writeRun(rows, output, samples.length, descending));
      rows.clear();
    },
    release: () => rows.clear(),
  };
  const { spill, flush, finish, abort } = spillingWriter(gathered, place);
  return {
    add(key, record) {
      rows.add(key, record);
      if (rows.bytes > memory || rows.count >= MOST_ROWS) spill();
    },
    endExtent: flush,
    finish: () => ({ ...finish(), samples }),
    abort,
  };
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
