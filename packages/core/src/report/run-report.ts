import type { SkippedRecord } from '../protocol/reply.js';

/** What a run did: given to the option `report` when the run is over, however it ended. Plain data, fit for JSON. */
export interface RunReport {
  /** `aborted` when the run's signal ended it, or the process itself ended. */
  readonly outcome: 'ok' | 'failed' | 'aborted';
  /** Why it did not succeed; control characters escaped. */
  readonly error?: ReportedError;
  /** When the run began and ended, as ISO 8601 in UTC. */
  readonly start: string;
  /** As `start`. */
  readonly end: string;
  /** Seconds from start to end. */
  readonly seconds: number;
  /** Number of child processes; 0 if the run worked in its own process. */
  readonly processes: number;
  /** The stages that were begun, in order. */
  readonly stages: readonly StageReport[];
  /** How often tasks, each of one or more chunks, were given to a child. */
  readonly attempts: AttemptCounts;
  /** What the run had in its directory: spilled tables, and results on their way. Without what killed children wrote. */
  readonly temporaryDisk: DiskUse;
  /** Memory that was used at most. */
  readonly memory: MemoryUse;
  /** Records left out, under `onError: 'skip'`. */
  readonly skipped: SkippedReport;
  /** What `writeText` or `writeJsonLines` has written. */
  readonly output?: OutputReport;
  /** What the engine tells of itself that ran the plan elsewhere. */
  readonly engine?: EngineReport;
}

/** What an engine tells of a run. */
export interface EngineReport {
  /** Such as `spark`. */
  readonly name: string;
  /** By which the engine's own logs know where the plan ran. */
  readonly applicationId: string | undefined;
  /** Bytes that the engine itself wrote to disks for want of memory; `temporaryDisk` does not count them. */
  readonly spilledBytes: number;
}

/** The error that a run rejected with. */
export interface ReportedError {
  /** The class, such as `TaskError`. */
  readonly name: string;
  /** The stable code of an error of forkfold, or the system's code; empty for an error without one. */
  readonly code: string;
  /** As the error has it. */
  readonly message: string;
}

/** One pass over chunks: up to a keyed verb, or to the action. */
export interface StageReport {
  /** For each input of the stage, where its records come from and the verbs that they pass: `['textLines', 'map']`. */
  readonly inputs: readonly (readonly string[])[];
  /** Where the records end: a keyed verb, or `collect`, `count`, `reduce`, `aggregate`, `writeText`, `writeJsonLines`. */
  readonly sink: string;
  /** Chunks that were finished; of a keyed verb's second half, buckets. */
  readonly chunks: number;
  /** Records that were read; of a keyed verb's second half, keys. */
  readonly recordsIn: number;
  /** Records that reached the sink. */
  readonly recordsOut: number;
  /** Bytes that the sink has handed on: partial results, buckets, or parts. */
  readonly bytes: number;
  /** Seconds from its first chunk to its last, waiting for the consumer of a stream included. */
  readonly seconds: number;
}

/** How the attempts of a run's tasks ended. */
export interface AttemptCounts {
  /** All of them, those that looked for a record to blame included. */
  readonly total: number;
  /** Those that followed a crash or a timeout of the same task. */
  readonly retries: number;
  /** Those that ended with the death of their child. */
  readonly crashes: number;
  /** Those that ran longer than `timeout`. */
  readonly timeouts: number;
}

/** Temporary files, in bytes. */
export interface DiskUse {
  /** Not more than this was there at any moment: what was kept, and for each process the most that a task ever had. */
  readonly peakBytes: number;
  /** Everything that was written, removed or not. */
  readonly totalBytes: number;
}

/** Resident memory, in bytes. */
export interface MemoryUse {
  /** Of the process that ran the plan, since that process began. */
  readonly parentPeakBytes: number;
  /** Of the largest child, looked at after each of its tasks; 0 without children. */
  readonly childPeakBytes: number;
}

/** Records that a run has left out. */
export interface SkippedReport {
  /** All of them. */
  readonly count: number;
  /** The first thousand, in input order. */
  readonly records: readonly SkippedRecord[];
}

/** What a run has written, and where. */
export interface OutputReport {
  /** Absolute. */
  readonly directory: string;
  /** Number of parts. */
  readonly files: number;
  /** Records in all parts. */
  readonly records: number;
  /** Size of all parts, as it is on the disk. */
  readonly bytes: number;
}
