import type { MapOutput, Segment } from '../../blocks/segment.js';
import type { CompareKeys } from '../keys/sort-key.js';
import { comparator } from '../keys/sort-key.js';
import type { SortRun } from '../../blocks/sort-index.js';
import type { SortBound, SortPartition, SortSlice, SortSpec } from './spec.js';

interface IndexedRun {
  readonly segment: Segment;
  readonly index: SortRun;
}

/**
 * Cuts the runs of all map tasks into at most `partitions` ranges of about equally many records. The partitions, in
 * their order, hold the sorted records. Depends on the outputs alone.
 */
export function planSort(outputs: readonly MapOutput[], partitions: number, spec: SortSpec): SortPartition[] {
  const compare = comparator(spec.descending);
  const runs = outputs.flatMap(({ segments, samples = [] }) =>
    segments.map((segment, i): IndexedRun => ({ segment, index: samples[i]! })),
  );
  if (runs.length === 0) return [];
  const bounds = chooseBounds(runs, partitions, compare);
  const cuts = bounds.map((bound) =>
    runs.map(({ index }, run) => blocksBefore(index.firstKeys, run, bound, compare)),
  );

  return Array.from({ length: bounds.length + 1 }, (_, p): SortPartition => {
    const slices = runs.flatMap(({ segment, index }, run): SortSlice[] => {
      // The block before a cut begins before the bound, but may reach beyond it.
      const from = p === 0 ? 0 : Math.max(0, cuts[p - 1]![run]! - 1);
      const to = p === bounds.length ? index.lengths.length : cuts[p]![run]!;
      return from < to ? [{ run, segment: sliceSegment(segment, index.lengths, from, to) }] : [];
    });
    const lower = bounds[p - 1];
    const upper = bounds[p];
    const first = spec.numbered === true && { first: entriesBefore(runs, lower?.run ?? 0) };
    return { slices, ...(lower && { lower }), ...(upper && { upper }), ...first };
  });
}

/** Records of the runs before one: where all keys are equal, a range begins where a run does. */
function entriesBefore(runs: readonly IndexedRun[], run: number): number {
  return runs.slice(0, run).reduce((sum, { segment }) => sum + segment.entries, 0);
}

/** Whether a record of this key and run comes before `bound`. */
function isBefore(key: unknown, run: number, bound: SortBound, compare: CompareKeys): boolean {
  const order = compare(key, bound.key);
  return order < 0 || (order === 0 && run < bound.run);
}

// Samples of all runs, each with the number of records that it stands for; bounds where the sum passes a multiple.
function chooseBounds(runs: readonly IndexedRun[], partitions: number, compare: CompareKeys): SortBound[] {
  const samples = runs.flatMap(({ segment, index }, run) =>
    index.samples.map((key) => ({ key, run, weight: segment.entries / index.samples.length })),
  );
  // Stable, so samples with equal keys stay in the order of their runs.
  samples.sort((left, right) => compare(left.key, right.key));
  const total = runs.reduce((sum, { segment }) => sum + segment.entries, 0);
  const bounds: SortBound[] = [];
  let sum = 0;
  for (const { key, run, weight } of samples) {
    const share = (total * (bounds.length + 1)) / partitions;
    if (bounds.length + 1 < partitions && sum >= share) {
      const last = bounds.at(-1);
      // A key so frequent that it fills more than one range within a run cannot be parted further.
      if (last === undefined || isBefore(last.key, last.run, { key, run }, compare))
        bounds.push({ key, run });
    }
    sum += weight;
  }
  return bounds;
}

// How many blocks begin before the bound: a binary search, since they are in order.
function blocksBefore(
  firstKeys: readonly unknown[],
  run: number,
  bound: SortBound,
  compare: CompareKeys,
): number {
  let low = 0;
  let high = firstKeys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(firstKeys[middle], run, bound, compare)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sliceSegment(segment: Segment, lengths: readonly number[], from: number, to: number): Segment {
  const sum = (end: number): number => lengths.slice(0, end).reduce((total, length) => total + length, 0);
  const start = sum(from);
  const length = sum(to) - start;
  const entries = Math.ceil((segment.entries * length) / segment.length);
  const { bucket, data, file, offset = 0 } = segment;
  if (data !== undefined) return { bucket, entries, length, data: data.subarray(start, start + length) };
  return { bucket, entries, length, ...(file !== undefined && { file }), offset: offset + start };
}
