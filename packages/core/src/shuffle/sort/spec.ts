import type { Segment } from '../../blocks/segment.js';
import type { TextBlock } from './text-column.js';

/** How a sort orders. */
export interface SortSpec {
  /** Largest key first. Records with equal keys keep their order either way. */
  readonly descending: boolean;
  /** Whether records get their numbers, which takes that all have the same key. */
  readonly numbered?: boolean;
}

/**
 * A point in the order of all records: those before it have a lesser key, or the same key and a lesser run. So even
 * records that all have one key can be parted, and keep their order.
 */
export interface SortBound {
  readonly key: unknown;
  /** Number of a run, over all map tasks in their order. */
  readonly run: number;
}

/** The blocks of a run that may hold records of a partition. */
export interface SortSlice {
  readonly run: number;
  readonly segment: Segment;
}

/** The records from `lower` (inclusive) up to `upper` (exclusive); a bound that is absent is open. Plain data. */
export interface SortPartition {
  readonly lower?: SortBound;
  readonly upper?: SortBound;
  /** How many records come before, where they get numbers. */
  readonly first?: number;
  /** In the order of their runs. */
  readonly slices: SortSlice[];
}

/** A block of a run: rows in the order of their keys. */
export interface SortBlock {
  readonly keys: TextBlock;
  /** Whether the keys are texts, or else what `KeyBytes` makes of them. */
  readonly areTexts: boolean;
  /** The records: all texts, or values of any kind; null when each record is its own key. */
  readonly records: TextBlock | readonly unknown[] | null;
}
