import { BlockOutput } from '../../blocks/block-output.js';
import { mergeRuns } from './merge-runs.js';
import { BLOCK_BYTES, RunWriter } from './run-writer.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { SortPartition, SortSpec } from './spec.js';

/** Runs that are merged at once: each has a file open and a block in memory. A stage makes as many tasks, so mostly one
 * pass is enough. */
const FAN_IN = 128;
/** Records are given so many at a time, or about so many bytes: a string among them may be a view of all. */
const BATCH = 1024;
const BATCH_BYTES = 32 * 1024;

/**
 * The records of one partition in order, some at a time; equal keys in the order of the input. More than 128 runs are
 * merged in several passes over files of its own, which are removed when it ends, is returned early or throws.
 */
export function* sortReader(
  spec: SortSpec,
  partition: SortPartition,
  place: SpillPlace,
): Generator<readonly unknown[], void, undefined> {
  let left = partition;
  let output: BlockOutput | undefined;
  try {
    while (left.slices.length > FAN_IN) {
      const previous = output;
      output = new BlockOutput({ ...place, inline: 0 });
      try {
        left = mergePass(left, spec, place, output);
      } finally {
        previous?.remove();
      }
    }
    for (const { rows, order } of mergeRuns(left, spec, place)) {
      let from = 0;
      let bytes = 0;
      for (let i = 0; i < order.length; i++) {
        bytes += rows.textSizeOf(order[i]!);
        if (i + 1 - from < BATCH && bytes < BATCH_BYTES && i + 1 < order.length) continue;
        yield rows.records(order, from, i + 1);
        from = i + 1;
        bytes = 0;
      }
    }
  } finally {
    output?.remove();
  }
}

// Neighbours are merged, so the order of the runs, which decides between equal keys, stays.
function mergePass(
  { slices, ...bounds }: SortPartition,
  spec: SortSpec,
  place: SpillPlace,
  output: BlockOutput,
): SortPartition {
  for (let from = 0; from < slices.length; from += FAN_IN) {
    output.begin(from / FAN_IN);
    const run = new RunWriter(output, BLOCK_BYTES);
    const some = { ...bounds, slices: slices.slice(from, from + FAN_IN) };
    for (const { rows, order } of mergeRuns(some, spec, place)) run.write(rows, order);
  }
  return { slices: output.finish().segments.map((segment) => ({ run: segment.bucket, segment })) };
}
