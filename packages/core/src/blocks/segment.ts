import type { SortRun } from './sort-index.js';

/**
 * A run of consecutive blocks that hold entries of one bucket. Plain data: it crosses the process boundary.
 * Its bytes are either here (`data`) or in a file (`file` and `offset`).
 */
export interface Segment {
  /** Zero-based bucket; for a sorted run, the number of the run within its map task. */
  readonly bucket: number;
  /** How many entries its blocks hold: keys for a combining shuffle, values for a grouping one, records for a sort. */
  readonly entries: number;
  /** Length in bytes of all its blocks, headers included. */
  readonly length: number;
  /** The bytes, when they travel in memory. */
  readonly data?: Uint8Array;
  /** The file that holds the bytes, when they do not. */
  readonly file?: string;
  /** Zero-based byte offset in `file`. */
  readonly offset?: number;
}

/** What the map side of one task hands to the reduce side. Plain data. */
export interface MapOutput {
  /** Ordered by spill, then by bucket. A bucket without entries has no segment. */
  readonly segments: Segment[];
  /** Entries in all segments. */
  readonly entries: number;
  /** Bytes of all segments. */
  readonly bytes: number;
  /** Bytes of those that were written to the disk. */
  readonly spilledBytes: number;
  /** For a sort only: the index and a sample of every run, parallel to `segments`. */
  readonly samples?: SortRun[];
}

/** For every bucket its segments out of the outputs of all map tasks, in the order of the tasks. */
export function segmentsByBucket(outputs: readonly MapOutput[], partitions: number): Segment[][] {
  const buckets = Array.from({ length: partitions }, (): Segment[] => []);
  for (const { segments } of outputs) for (const segment of segments) buckets[segment.bucket]?.push(segment);
  return buckets;
}
