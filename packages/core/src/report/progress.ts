import type { CounterValues } from '../counters.js';

/** How many seconds more something will take, between two guesses. */
export interface Eta {
  /** The lesser guess. */
  readonly min: number;
  /** The larger one. */
  readonly max: number;
}

/** How far a run is. Within a stage no number but those of what is under way becomes smaller. */
export interface Progress {
  /** One-based number of the stage that is running, of `stages`. */
  readonly stage: number;
  /** Number of stages: one, and one more for each keyed verb. */
  readonly stages: number;
  /** Chunks of this stage that are finished. */
  readonly chunks: number;
  /** Chunks of this stage, where it is known. */
  readonly totalChunks: number | undefined;
  /** Records read in all stages, by tasks under way too: these tell a few times a second. */
  readonly records: number;
  /** Records left out so far, under `onError: 'skip'`. */
  readonly skipped: number;
  /** Seconds since the run began. */
  readonly seconds: number;
  /** Bytes that were read in all stages, by tasks under way too: of files, as they lie on the disk, and of items that travel. */
  readonly bytes: number;
  /** The part of this stage that is done, 0 to 1, where its number of chunks is known. */
  readonly share: number | undefined;
  /**
   * How many seconds more this stage will take, between two guesses: at the pace of all of it, and at that of the last five
   * seconds. Undefined as long as nobody can know.
   */
  readonly eta: Eta | undefined;
  /** Children that have a task; 0 in a run without children. */
  readonly busy: number;
  /** Children that the run may use; 0 in a run without children. */
  readonly processes: number;
  /** Attempts that followed a crash or a timeout of the same task. */
  readonly retries: number;
  /** Bytes written to temporary files. */
  readonly spilledBytes: number;
  /** Resident memory of the children, each after its last task, in bytes. */
  readonly childBytes: number;
  /** Chunks that a checkpoint gave, in all stages. */
  readonly restored: number;
  /** What `counter` has counted in tasks whose results were taken. */
  readonly counters: CounterValues;
}
