import type { RunReport } from './run-report.js';

/** A run as it stands, with its course: what a page or a trace is drawn from. Plain data, fit for JSON. */
export interface RunSnapshot {
  /** Whether the run goes on: its report is what is known so far, and its outcome `ok`. */
  readonly isUnderWay: boolean;
  /** What the run did. */
  readonly report: RunReport;
  /** For each stage of the report, what a drawing of it needs. */
  readonly details: readonly StageDetails[];
  /** Attempts at tasks, in the order of their ends; those under way come last. */
  readonly spans: readonly TaskSpan[];
  /** How far the run was, at moments about evenly apart. */
  readonly samples: readonly RunSample[];
  /** The options that were given, shown in words: of `env` the names only. */
  readonly options: Readonly<Record<string, string>>;
  /** Where it runs: versions of forkfold and Node.js, the system, and how many cores it may use. */
  readonly machine: RunMachine;
}

/** Where a run runs. */
export interface RunMachine {
  /** Version of forkfold. */
  readonly forkfold: string;
  /** Version of Node.js. */
  readonly node: string;
  /** System and architecture, such as `linux x64`. */
  readonly system: string;
  /** Cores that it may use. */
  readonly cores: number;
  /** Process id of the process that has the plan run. */
  readonly pid: number;
}

/** What a drawing of a stage needs besides its report. */
export interface StageDetails {
  /** For each input, the zero-based number of the stage that it comes from; undefined for a source. */
  readonly from: readonly (number | undefined)[];
  /** How long its chunks took, in classes. */
  readonly chunkTimes: readonly TimeClass[];
  /** Bytes of the buckets that the next stage has read of it, up to 4,096 of them. */
  readonly bucketBytes: readonly number[];
}

/** Chunks that took about equally long. */
export interface TimeClass {
  /** Within 1 %. */
  readonly seconds: number;
  /** How many they are. */
  readonly chunks: number;
}

/** An attempt at a task; or several that followed each other in one place, where there are too many to keep each. */
export interface TaskSpan {
  /** Zero-based number of the place that a child has: one child follows another there. */
  readonly slot: number;
  /** The child, where it has told. */
  readonly pid: number | undefined;
  /** Zero-based. */
  readonly stage: number;
  /** Zero-based number of the first chunk; -1 for the folding of partial results. */
  readonly chunk: number;
  /** How many chunks they had. */
  readonly chunks: number;
  /** How many attempts these are. */
  readonly attempts: number;
  /** Seconds since the run began. */
  readonly start: number;
  /** As `start`; of an attempt under way, the moment of the snapshot. */
  readonly end: number;
  /** Records that were read. */
  readonly records: number;
  /** How it ended; `error` where the user's function threw. */
  readonly outcome: 'done' | 'error' | 'died' | 'timeout' | 'cancelled' | 'running';
  /** Whether it followed a crash or a timeout of the same task. */
  readonly isRetry: boolean;
  /** How a child died: its signal or exit code. */
  readonly death?: string;
}

/** How far a run was at a moment. Sums are of the run so far. */
export interface RunSample {
  /** Seconds since the run began. */
  readonly at: number;
  /** Records read. */
  readonly records: number;
  /** Bytes read, of files and of items that travel. */
  readonly bytes: number;
  /** Children that had a task. */
  readonly busy: number;
  /** Resident memory of the children, each after its last task, in bytes. */
  readonly childBytes: number;
  /** Resident memory of this process, in bytes. */
  readonly parentBytes: number;
  /** Bytes written to temporary files. */
  readonly spilledBytes: number;
}

/** Writes a run to a file of a format of its own, given as the option `report`: a page, a trace. */
export interface RunReporter {
  /** The file; it is replaced as a whole. */
  readonly path: string;
  /** Seconds between two versions of the file while the run is under way; without it, one is written in the end. */
  readonly every?: number;
  /** So many spans are kept one by one; beyond, neighbours are joined. @default 16,384 */
  readonly maxSpans?: number;
  /** Makes the text of the file. */
  render(snapshot: RunSnapshot): string;
}
