/** What `p` is in rows that no lane reads; a lane's key is at least 0. */
export const ROW = {
  /** A task, whose `d` is its number. */
  task: -1,
  /** A line of text that Spark has read. */
  line: -5,
  /** A piece of what a task of the last stage gives. */
  result: -2,
  /** What a process has done, which later stages hand on. */
  tally: -3,
  /** What the driver must know of the sorted runs of a task. */
  runs: -4,
} as const;

/** The `s` of rows that come after all others. */
export const LAST = 1n << 62n;
