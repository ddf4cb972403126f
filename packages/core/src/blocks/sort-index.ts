/** What the parent knows of a sorted run, enough to cut it into ranges of keys. Plain data. */
export interface SortRun {
  /** The first key of every block. */
  readonly firstKeys: unknown[];
  /** The length in bytes of every block. */
  readonly lengths: number[];
  /** Keys at even distances in the run. Each stands for `entries / samples.length` records. */
  readonly samples: unknown[];
}
