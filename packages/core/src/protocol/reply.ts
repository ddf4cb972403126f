import type { CounterValues } from '../counters.js';
import type { TaskDiskUse } from '../blocks/disk-use.js';
import type { RecordPosition } from '../errors.js';
import type { Failure } from './failure.js';
import type { TaskUsage } from './task-usage.js';

/** Records in blocks as `BlockOutput` writes them: here, or in a file of the run's directory when they are many. */
export type ResultBytes = Uint8Array | { readonly file: string; readonly length: number };

/** A record that was left out, under `onError: 'skip'`. */
export interface SkippedRecord extends RecordPosition {
  /** The verb whose function threw, such as `map`, or `jsonLines` for a bad line; empty where the record killed its child. */
  readonly verb: string;
  /** Zero-based number of the chunk in its stage. */
  readonly chunk: number;
  /** A short rendering of the record, control characters escaped. */
  readonly preview: string;
  /** Name and message of the error, at most 500 characters, control characters escaped. */
  readonly error: string;
}

/** Records that were left out: all are counted, some are described. */
export interface Skipped {
  readonly count: number;
  readonly records: readonly SkippedRecord[];
}

/** What a task that writes has written: complete and on the disk, under the name of its attempt. */
export interface Part {
  readonly path: string;
  /** Where it belongs in a partitioned output, such as `country=de`. */
  readonly directory?: string;
  readonly records: number;
  readonly bytes: number;
}

/** What a task has done. */
export interface TaskDone {
  readonly ok: true;
  /** Blocks of records for a sink that collects, else one encoded value. */
  readonly value: ResultBytes;
  readonly records: number;
  /** Records that reached the sink, and bytes that it hands on: the value, buckets or a part. */
  readonly emitted: { readonly records: number; readonly bytes: number };
  /** How long the child worked on the task, the loading of the user's code not counted. */
  readonly seconds: number;
  /** A hundred are described. */
  readonly skipped: Skipped;
  /** Whether this is a part, and the task has stopped until it is asked to go on. */
  readonly more?: boolean;
  /** How many of its chunks were done, the first ones, where it had no time for all of them. */
  readonly covered?: number;
  /** What it has done of the stage after its own. */
  readonly nextStage?: TaskDone;
  /** What its functions have counted. */
  readonly counters?: CounterValues | undefined;
  /** What it cost, where somebody watches the run. */
  readonly usage?: TaskUsage;
}

/** What a task of a pass has for one of its stages; the value of its reply is a list of these, encoded. */
export interface PassResult {
  /** As that of a task of its own; of a stage that folds, a list of `SpanFold`, encoded. */
  readonly value: ResultBytes;
  readonly emitted: TaskDone['emitted'];
  /** Why it has no value, where the run may need none of it any more. */
  readonly failure?: Failure;
}

export interface TaskFailed {
  readonly ok: false;
  readonly failure: Failure;
}

/** What a child answers; `rss` is its resident memory in bytes, `disk` what the task did with temporary files. */
export type TaskReply = (TaskDone | TaskFailed) & { readonly rss: number; readonly disk: TaskDiskUse };
