import { BlockOutput } from '../../blocks/block-output.js';
import type { Bounds } from './merge-runs.js';
import { mergeRuns } from './merge-runs.js';
import { RunWriter } from './run-writer.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { CompareKeys } from '../keys/sort-key.js';
import { comparator } from '../keys/sort-key.js';
import type { SortPartition, SortSlice, SortSpec } from './spec.js';

/** Runs that are merged at once: each has a file open and a block in memory. A stage makes as many tasks, so mostly one
 * pass is enough. */
const FAN_IN = 128;

/**
 * The records of one partition in order; equal keys in the order of the input. More than 128 runs are merged in
 * several passes over files of its own, which are removed when it ends, is returned early or throws.
 */
export function* sortReader(
  spec: SortSpec,
  partition: SortPartition,
  io: SpillPlace,
): Generator<unknown, void, undefined> {
  const compare = comparator(spec.descending);
  let bounds: Bounds = partition;
  let { slices } = partition;
  let output: BlockOutput | undefined;
  try {
    while (slices.length > FAN_IN) {
      const previous = output;
      output = new BlockOutput({ ...io, inline: 0 });
      try {
        slices = mergePass(slices, bounds, compare, io, output);
      } finally {
        previous?.remove();
      }
      bounds = {};
    }
    for (const merged of mergeRuns(slices, bounds, compare, io)) yield merged.record;
  } finally {
    output?.remove();
  }
}

// Neighbours are merged, so the order of the runs, which decides between equal keys, stays.
function mergePass(
  slices: readonly SortSlice[],
  bounds: Bounds,
  compare: CompareKeys,
  io: SpillPlace,
  output: BlockOutput,
): SortSlice[] {
  for (let from = 0; from < slices.length; from += FAN_IN) {
    output.begin(from / FAN_IN);
    const run = new RunWriter(output, 96 * 1024);
    for (const { key, record } of mergeRuns(slices.slice(from, from + FAN_IN), bounds, compare, io)) {
      run.add(key, record);
    }
    run.end();
  }
  return output.finish().segments.map((segment) => ({ run: segment.bucket, segment }));
}
