import type { CounterValues } from '../counters.js';
import type { ProfileReport } from './profile.js';
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
  /** The child processes that have answered, in the order of their first answers; none where the run had no children. */
  readonly children: readonly ChildReport[];
  /** The process that had the plan run. */
  readonly parent: ParentReport;
  /** What a checkpoint gave, and was not worked on again. */
  readonly restored: RestoredReport;
  /** What `counter` has counted, by the names of the counters. */
  readonly counters: CounterValues;
  /** What would make such a run faster, what matters most first; empty where nothing stands out. */
  readonly advice: readonly Advice[];
  /** How often tasks, each of one or more chunks, were given to a child. */
  readonly attempts: AttemptCounts;
  /** What the run had in its directory: spilled tables, and results on their way. Without what killed children wrote. */
  readonly temporaryDisk: DiskUse;
  /** Memory that was used at most. */
  readonly memory: MemoryUse;
  /** Records left out, under `onError: 'skip'`. */
  readonly skipped: SkippedReport;
  /** What the action has written, where it writes. */
  readonly output?: OutputReport;
  /** Where the children spent their time, by the option `profile`. */
  readonly profile?: ProfileReport;
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
  /** Stages as the engine counts them, those that it begins anew each time: what it was seen to run. */
  readonly stages: number;
  /** The tasks of these stages. */
  readonly tasks: number;
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
  /** Where the records end: a keyed verb, or `collect`, `count`, `reduce`, `aggregate`, or a verb that writes, such as `writeText`. */
  readonly sink: string;
  /** The plans of `together` that it is for, where it is not for all of them. */
  readonly plans?: readonly string[];
  /** The stage, from 0, whose tasks have worked for it, too, in one pass over their input: what that has read is told there. */
  readonly beside?: number;
  /** Chunks that were finished; of a keyed verb's second half, buckets. */
  readonly chunks: number;
  /** Records that were read; of a keyed verb's second half, keys. */
  readonly recordsIn: number;
  /** Records that reached the sink. */
  readonly recordsOut: number;
  /** Bytes that the sink has handed on: partial results, buckets, or parts. */
  readonly bytes: number;
  /**
   * Bytes of the chunks that were worked on: of files, as they lie on the disk; of items that travel; of buckets. 0 for
   * `range`, which has none, and for what a checkpoint gave.
   */
  readonly bytesIn: number;
  /** The same as `bytes`. */
  readonly bytesOut: number;
  /** Bytes that its tasks have written to temporary files, removed or not; those of attempts that gave no answer left out. */
  readonly spilledBytes: number;
  /** How long its chunks took in the children. Zeros where nobody measured: on another engine, or where none was worked on. */
  readonly chunkSeconds: ChunkSeconds;
  /** The ten chunks that took longest, the slowest first. */
  readonly slowest: readonly SlowChunk[];
  /** For a keyed verb: the key that most records have, and the largest bucket. */
  readonly largestBucket?: LargestBucket;
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

/** How long chunks took, in seconds; `median` and `p95` within 1 %. A task of several chunks measures each of them. */
export interface ChunkSeconds {
  /** Of the quickest. */
  readonly min: number;
  /** So long or less took half of them. */
  readonly median: number;
  /** So long or less took 95 % of them. */
  readonly p95: number;
  /** Of the slowest. */
  readonly max: number;
}

/** A chunk that took long. */
export interface SlowChunk {
  /** Zero-based number in its stage. */
  readonly chunk: number;
  /** Where asynchronous calls of several chunks overlap, from its first record to its last result. */
  readonly seconds: number;
  /** Records that were read. */
  readonly records: number;
  /** Absolute path of its file, where it lies in a single one. */
  readonly file?: string;
  /** Byte offset where it begins in that file. */
  readonly start?: number;
  /** Byte offset before which its records begin. */
  readonly end?: number;
}

/**
 * How evenly the records of a keyed verb are spread. Which key most of them have is found by a sample: all of the first
 * 64 records of a task, then about one in 64.
 */
export interface LargestBucket {
  /** The key: a text as it is, any other value as messages show it; control characters escaped, at most 80 characters. */
  readonly key: string;
  /** About how many records have it, before anything is combined. */
  readonly records: number;
  /** Bytes of the largest bucket that the second half of the verb had to read. */
  readonly bytes: number;
  /** The part of all records that has the key, 0 to 1. */
  readonly share: number;
}

/** What a child did for the run. */
export interface ChildReport {
  /** Process id. */
  readonly pid: number;
  /** Attempts that it has answered. */
  readonly tasks: number;
  /** Seconds that it has worked on them. */
  readonly busySeconds: number;
  /** Seconds that it had nothing to work on, from its first task to the end of the run or of itself: its start included. */
  readonly idleSeconds: number;
  /** Of `busySeconds` those in which it made bytes of results. */
  readonly serializeSeconds: number;
  /** Of its time what went into collecting garbage. */
  readonly gcSeconds: number;
  /** The most resident memory that it had after a task, in bytes. */
  readonly peakBytes: number;
}

/** What the process did that had the plan run. */
export interface ParentReport {
  /** Seconds in which its event loop was busy, with whatever. While it is, no child gets a task. */
  readonly busySeconds: number;
  /** Seconds in which the run waited for whoever takes its results: the consumer of a stream, `forEach`, the collecting of an array. */
  readonly consumerSeconds: number;
  /** Seconds in which it waited. */
  readonly idleSeconds: number;
  /** Processor time of all its threads, in seconds. */
  readonly cpuSeconds: number;
  /** The most resident memory since the process began, in bytes. */
  readonly peakBytes: number;
}

/** What came from a checkpoint. */
export interface RestoredReport {
  /** Finished tasks. */
  readonly tasks: number;
  /** Chunks of these. */
  readonly chunks: number;
  /** Records that these had read. */
  readonly records: number;
}

/** What would make a run faster. */
export interface Advice {
  /** Stable. */
  readonly code:
    | 'compressed-file'
    | 'slow-chunk'
    | 'hot-key'
    | 'few-calls'
    | 'small-work'
    | 'more-processes-than-cores'
    | 'moving-results'
    | 'recycled-children'
    | 'spilling'
    | 'slow-consumer'
    | 'engine-spilling'
    | 'busy-parent';
  /** What was seen, in a sentence with its numbers. */
  readonly text: string;
  /** What to change. */
  readonly remedy: string;
}
