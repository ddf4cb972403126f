import type { DiskUse } from './disk-use.js';

/** The few calls that a spill file needs, as `node:fs` has them. */
export interface SpillFs {
  open(path: string, flags: 'wx' | 'r' | number, mode?: number): number;
  write(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  read(descriptor: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  close(descriptor: number): void;
  unlink(path: string): void;
}

/** Where a reader or writer puts what does not fit, and how much fits. */
export interface SpillPlace {
  /** The run's own directory. */
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
  /** Makes the directory, where it is made only once something is written to it; to be called before each file. */
  readonly prepare?: () => void;
  /** Is told of all that is written and removed. */
  readonly disk?: DiskUse;
  /** The file system; a test may give another. Node's by default. */
  readonly fs?: SpillFs;
}
