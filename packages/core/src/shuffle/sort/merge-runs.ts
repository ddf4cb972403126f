import type { SpillPlace } from '../../blocks/spill-place.js';
import { comparator } from '../keys/sort-key.js';
import { KeyProbe } from './key-probe.js';
import { RunReader, type Bound } from './run-reader.js';
import { SortRows } from './sort-rows.js';
import { MOST_ROWS } from './sorted-order.js';
import type { SortBound, SortPartition, SortSpec } from './spec.js';

/** More rows than this are not sorted at once, however short they are. */
const MOST_AT_ONCE = MOST_ROWS / 4;

/** The first rows are given after so many bytes, since few may be wanted; then twice as many are held each time. */
const FIRST_BYTES = 4 * 2 ** 20;

/** Rows, and the numbers of all of them in order. */
export interface OrderedRows {
  readonly rows: SortRows;
  readonly order: Uint32Array;
}

/**
 * Merges sorted runs: by key, and among equal keys by the order of the runs. Holds a block of each run, and as many more as
 * fit in `place.memory`; each with its file open. Then all rows that come before whatever was not yet read are sorted at
 * once: that takes half of the time of taking one after the other from the run that is first.
 *
 * What it yields is valid only until the next.
 */
export function* mergeRuns(
  { slices, lower, upper }: SortPartition,
  spec: SortSpec,
  place: SpillPlace,
): Generator<OrderedRows, void, undefined> {
  const window = Math.min(256 * 1024, Math.max(16 * 1024, Math.floor(place.memory / (4 * slices.length))));
  const bounds = { lower: lower && boundOf(lower), upper: upper && boundOf(upper) };
  const runs = slices.map((slice) => new RunReader(slice, bounds, spec, { place, window }));
  const rows = new SortRows();
  try {
    for (let memory = FIRST_BYTES; ; memory *= 2) {
      const least = fill(runs, spec, Math.min(memory, place.memory));
      // The rows that have the last key held of that run are the last ones, as far as they are of runs up to that one.
      const bound = least && boundOf({ key: least.lastKey, run: least.run + 1 });
      rows.clear();
      for (const run of runs) run.take(rows, bound);
      if (rows.count > 0) yield { rows, order: rows.order(spec.descending) };
      if (least === undefined) return;
    }
  } finally {
    for (const run of runs) run.close();
  }
}

/**
 * Reads from each run that holds nothing, and then as much as there is memory for: always from the run whose last key is
 * the least, since no row behind it can be told to be the next. That run is returned, unless all are read.
 */
function fill(runs: readonly RunReader[], { descending }: SortSpec, memory: number): RunReader | undefined {
  const compare = comparator(descending);
  for (const run of runs) if (run.rows === 0) run.read();
  for (;;) {
    let least: RunReader | undefined;
    let bytes = 0;
    let rows = 0;
    for (const run of runs) {
      bytes += run.bytes;
      rows += run.rows;
      if (run.isRead) continue;
      if (least === undefined || compare(run.lastKey, least.lastKey) < 0) least = run;
    }
    if (least === undefined || bytes >= memory || rows >= MOST_AT_ONCE) return least;
    least.read();
  }
}

function boundOf({ key, run }: SortBound): Bound {
  return { key: new KeyProbe(key), run };
}
