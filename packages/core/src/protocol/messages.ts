import type { FunctionText } from '../plan/function-text.js';
import type { Op, Shuffle, Sink } from '../plan/node.js';
import type { RecordPosition } from '../errors.js';
import type { TaskDiskUse } from '../blocks/disk-use.js';
import type { Segment } from '../blocks/segment.js';
import type { SortPartition } from '../shuffle/sort/spec.js';
import type { SourceChunk } from '../source/chunk.js';
import type { EncodedThrown } from '../values/error-codec.js';

/** A function as it travels; functions are named by their index in the run description. */
export type WireFunction =
  | { readonly kind: 'job'; readonly verb: string; readonly call: number; readonly index: number }
  | { readonly kind: 'inline'; readonly verb: string; readonly text: FunctionText }
  | {
      readonly kind: 'inline-aggregator';
      readonly verb: string;
      readonly methods: Record<string, FunctionText>;
    }
  | {
      readonly kind: 'built-in';
      readonly verb: string;
      readonly name: string;
      readonly arguments: readonly WireArgument[];
    };

export type WireArgument =
  { readonly fn: number } | { readonly value: Uint8Array } | { readonly dataset: true };

export interface WireCall {
  readonly module: string;
  readonly job: number;
  readonly arguments: readonly WireArgument[];
  /** A fingerprint of every recorded function: what the child builds must be the same. */
  readonly fingerprints: readonly string[];
}

/** A way from an input to the sink of a stage. */
export interface WireBranch {
  readonly ops: readonly Op<number>[];
  /** Which input of a cogroup the records belong to. */
  readonly tag: number;
  /** How buckets are read, where the input is the shuffle of an earlier stage. */
  readonly reads?: Shuffle<number>;
}

export interface WireStage {
  readonly branches: readonly WireBranch[];
  readonly sink: Sink<number>;
}

/** All that travels once a run: written to the run's directory and read once by each child. */
export interface RunDescription {
  readonly directory: string;
  /** Begins the names of the files that children write to it. */
  readonly session: string;
  /** Whether those files must survive a power cut. */
  readonly isDurable: boolean;
  readonly calls: readonly WireCall[];
  readonly functions: readonly WireFunction[];
  readonly stages: readonly WireStage[];
  /** Budget in bytes for the tables of a shuffle task. */
  readonly memory: number;
  /** Where the parts of an output are written, before they are moved to their place. */
  readonly parts: string;
  /** How many records whose function throws a task may leave out. */
  readonly maxSkipped: number;
}

/** One bucket of an earlier stage's shuffle. */
export interface BucketChunk {
  readonly kind: 'bucket';
  readonly segments: readonly Segment[];
}

/** One range of keys of an earlier stage's sort. */
export interface SortedChunk {
  readonly kind: 'sorted';
  readonly partition: SortPartition;
}

/** The partial result of an aligned run of chunks, encoded. */
export interface Partial {
  readonly value: Uint8Array;
  /** The number of the chunks. */
  readonly size: number;
}

/** Partial results of a stage, to be folded on. */
export interface Partials {
  readonly partials: readonly Partial[];
  /** The number of the chunks before them. */
  readonly before: number;
  /** Whether they are all there are: the answer is then their fold, else what waits for others, as a list. */
  readonly isAll: boolean;
}

export interface TaskChunk {
  /** Zero-based number of the chunk in its stage. */
  readonly number: number;
  readonly branch: number;
  readonly source: SourceChunk | BucketChunk | SortedChunk;
}

/** Which records of a task to work on; records are numbered across its chunks, from 0. */
export interface RecordSelection {
  /** Records to leave out: they kill the child. */
  readonly skip?: readonly number[];
  /** Only those from the first number up to, but not including, the second. */
  readonly only?: readonly [number, number];
  /** A file to write the number of the record under way to, so that it is known after the child's death. */
  readonly beacon?: string;
  /** Calls no function: answers where this record stands and what it looks like. */
  readonly locate?: number;
}

/** What a task is given: where the run's description lies, and what to work on. */
export interface TaskMessage {
  readonly run: string;
  readonly stage: number;
  /** Unique to the attempt; prefix of the names of its spill files. */
  readonly name: string;
  readonly chunks: readonly TaskChunk[];
  readonly selection?: RecordSelection;
  /** Instead of chunks: what the stage's other tasks have made of theirs. */
  readonly fold?: Partials;
}

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

/** What a task of `writeText` or `writeJsonLines` has written: complete and on the disk, under the name of its attempt. */
export interface Part {
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
}

/** Why a task failed, other than by the death of its process. */
export type Failure =
  | {
      readonly kind: 'source' | 'job' | 'serialization';
      readonly message: string;
      readonly position: RecordPosition;
      readonly path: string;
      readonly cause?: EncodedThrown;
      /** For a value that cannot be a key: the verb, and the record that it is the key of, at `position`. */
      readonly of?: { readonly verb: string; readonly chunk: number; readonly preview: string };
    }
  | {
      readonly kind: 'task';
      readonly verb: string;
      readonly chunk: number;
      readonly position: RecordPosition;
      readonly preview: string;
      readonly hint?: string;
      readonly thrown: EncodedThrown;
    };

/** Records in blocks as `BlockOutput` writes them: here, or in a file of the run's directory when they are many. */
export type ResultBytes = Uint8Array | { readonly file: string; readonly length: number };

interface TaskDone {
  readonly ok: true;
  /** Blocks of records for a sink that collects, else one encoded value. */
  readonly value: ResultBytes;
  readonly records: number;
  /** Records that reached the sink, and bytes that it hands on: the value, buckets or a part. */
  readonly emitted: { readonly records: number; readonly bytes: number };
  /** How long the child worked on the task, the loading of the user's code not counted. */
  readonly seconds: number;
  /** Records left out: all are counted, a hundred are described. */
  readonly skipped: { readonly count: number; readonly records: readonly SkippedRecord[] };
}

interface TaskFailed {
  readonly ok: false;
  readonly failure: Failure;
}

/** What a child answers; `rss` is its resident memory in bytes, `disk` what the task did with temporary files. */
export type TaskReply = (TaskDone | TaskFailed) & { readonly rss: number; readonly disk: TaskDiskUse };
