import type { FunctionText } from '../dataset/function-text.js';
import type { Op, Shuffle, Sink } from '../dataset/node.js';
import type { RecordPosition } from '../errors.js';
import type { Segment } from '../shuffle/segment.js';
import type { SortPartition } from '../shuffle/sort-spec.js';
import type { SourceChunk } from '../source/chunk.js';
import type { EncodedThrown } from './error-codec.js';

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
  readonly calls: readonly WireCall[];
  readonly functions: readonly WireFunction[];
  readonly stages: readonly WireStage[];
  /** Budget in bytes for the tables of a shuffle task. */
  readonly memory: number;
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

export interface TaskChunk {
  /** Zero-based number of the chunk in its stage. */
  readonly number: number;
  readonly branch: number;
  readonly source: SourceChunk | BucketChunk | SortedChunk;
}

/** What a task is given: where the run's description lies, and which chunks to work on. */
export interface TaskMessage {
  readonly run: string;
  readonly stage: number;
  /** Unique to the attempt; prefix of the names of its spill files. */
  readonly name: string;
  readonly chunks: readonly TaskChunk[];
}

/** Why a task failed, other than by the death of its process. */
export type Failure =
  | {
      readonly kind: 'source' | 'job' | 'serialization';
      readonly message: string;
      readonly position: RecordPosition;
      readonly path: string;
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

export type TaskReply =
  | { readonly ok: true; readonly value: Uint8Array; readonly records: number }
  | { readonly ok: false; readonly failure: Failure };
