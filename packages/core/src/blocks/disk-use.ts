/** Bytes of temporary files that this process has written since the last `takeDiskUse`. */
export interface TaskDiskUse {
  readonly written: number;
  /** The most that was there at one moment. */
  readonly peak: number;
  /** What is still there. */
  readonly kept: number;
}

// A child works on one task at a time, so one count a process is enough.
let [written, peak, kept] = [0, 0, 0];

export function countWritten(bytes: number): void {
  written += bytes;
  kept += bytes;
  if (kept > peak) peak = kept;
}

export function countRemoved(bytes: number): void {
  // What a task has kept is removed by the parent, or was counted for the task before.
  kept = Math.max(0, kept - bytes);
}

/** What was written since the last call; the count begins anew. */
export function takeDiskUse(): TaskDiskUse {
  const use = { written, peak, kept };
  [written, peak, kept] = [0, 0, 0];
  return use;
}
