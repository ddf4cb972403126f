import { segmentsByBucket, type MapOutput } from '../blocks/segment.js';
import type { Shuffle } from '../plan/node.js';
import type { BucketChunk, SortedChunk } from '../protocol/task-message.js';
import { planSort } from '../shuffle/sort/plan-sort.js';

/** The reduce side of a shuffle, whose map side has given `outputs`: all buckets by their numbers, or ranges of keys in their order. */
export function reduceChunks(
  outputs: readonly MapOutput[],
  partitions: number,
  shuffle: Shuffle<number>,
): (BucketChunk | SortedChunk)[] {
  if (shuffle.kind === 'sort') {
    const ranges = planSort(outputs, partitions, shuffle);
    const chunks = ranges.map((partition): BucketChunk | SortedChunk => ({ kind: 'sorted', partition }));
    // Where there are fewer ranges than there might be, the others are empty: the number of chunks is the plan's.
    while (chunks.length > 0 && chunks.length < partitions) chunks.push({ kind: 'bucket', segments: [] });
    return chunks;
  }
  return segmentsByBucket(outputs, partitions).map((segments) => ({ kind: 'bucket', segments }));
}
