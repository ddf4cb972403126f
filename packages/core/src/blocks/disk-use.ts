/** Bytes of temporary files of a task. */
export interface TaskDiskUse {
  readonly written: number;
  /** The most that was there at one moment. */
  readonly peak: number;
  /** What is still there. */
  readonly kept: number;
}

/** Counts what a task does with temporary files. */
export class DiskUse implements TaskDiskUse {
  written = 0;
  peak = 0;
  kept = 0;

  add(bytes: number): void {
    this.written += bytes;
    this.kept += bytes;
    if (this.kept > this.peak) this.peak = this.kept;
  }

  remove(bytes: number): void {
    this.kept = Math.max(0, this.kept - bytes);
  }
}
