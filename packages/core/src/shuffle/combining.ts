import type { SpillFs } from '../blocks/spill-file.js';

/** Where a reader or writer puts what does not fit, and how much fits. */
export interface ShuffleIo {
  /** The run's own directory. It must exist. */
  readonly directory: string;
  /** Prefix of the file names of this task attempt; no other attempt may have the same. */
  readonly name: string;
  /**
   * Budget in bytes, compared with deterministic estimates, never with the real heap. Where a map spills decides
   * how partial results are grouped and how large buckets are ordered, so it must not depend on `processes`.
   */
  readonly memory: number;
  /** Up to this many bytes of a task's output travel in memory; a larger output goes to one file. */
  readonly inline: number;
  /** Whether files must survive a power cut. False by default. */
  readonly isDurable?: boolean;
  /** The file system; a test may give another. Node's by default. */
  readonly fs?: SpillFs;
}

/**
 * How the values of one key become one accumulator. `merge` must be associative, and
 * `add(accumulator, value)` must equal `merge(accumulator, create(value))`.
 */
export interface Combining<V = unknown, A = unknown> {
  create(value: V): A;
  add(accumulator: A, value: V): A;
  /** `left` comes before `right` in the order of the input. */
  merge(left: A, right: A): A;
}
