import type { Segment } from '../blocks/segment.js';
import type { PassStage } from '../plan/compiled-plan.js';
import type { SortPartition } from '../shuffle/sort/spec.js';
import type { SourceChunk } from '../source/source.js';

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
  /** What the branch reads: a chunk of its source, or of its shuffle. */
  readonly source: SourceChunk | BucketChunk | SortedChunk;
}

/** Whether a chunk holds nothing: a bucket that no key fell into. */
export function isEmptyBucket({ source }: TaskChunk): boolean {
  return 'segments' in source && source.segments.length === 0;
}

/** The partial result of an aligned span of chunks, encoded. */
export interface SpanFold {
  readonly value: Uint8Array;
  /** The number of the chunks. */
  readonly size: number;
}

/** Partial results of a stage, to be folded on. */
export interface FoldRequest {
  readonly partials: readonly SpanFold[];
  /** The number of the chunks before them. */
  readonly before: number;
  /** Whether they are all there are: the answer is then their fold, else what waits for others, as a list. */
  readonly isAll: boolean;
}

/** Which records of a task to work on; records are numbered across its chunks, from 0. */
export interface RecordSelection {
  /** Records to leave out: they kill the child. */
  readonly skip?: readonly number[];
  /** Only those from the first number up to, but not including, the second. */
  readonly only?: readonly [number, number];
  /** A file to write the number of the record under way to, so that it is known after the child's death. */
  readonly traceFile?: string;
  /** Calls no function: answers where this record stands and what it looks like. */
  readonly describe?: number;
}

/** Whether an attempt only looks for the record to blame: what it reads and gives is no part of the run's. */
export function isSearch(selection: RecordSelection | undefined): boolean {
  return selection?.only !== undefined || selection?.describe !== undefined;
}

/** What a task does for one of the stages of its pass. */
export interface TaskOfPass extends PassStage {
  /** As those of a task; of a stage that folds, the chunks of each subtree of the run's tree. */
  readonly extents?: readonly number[];
}

/** A stage that a task goes on with once it has done all of its own, unless there is more to do than was thought. */
export interface NextStage extends Pick<TaskMessage, 'stage' | 'extents' | 'budget' | 'nextStage'> {
  /** Of the stage before: with more the task ends with it. */
  readonly mostRecords: number;
}

/** What a task is given: which run it belongs to, and what to work on. */
export interface TaskMessage {
  /** Whether the child waits for a debugger before it begins. */
  readonly pauses?: boolean;
  /** By which name the child knows the run's description. */
  readonly run: string;
  readonly stage: number;
  /** Unique to the attempt; prefix of the names of its spill files. */
  readonly name: string;
  readonly chunks: readonly TaskChunk[];
  /** How many of the chunks belong to each extent, of which a keyed verb combines each by itself. @default one of all */
  readonly extents?: readonly number[];
  /** The stages whose work is done in this one pass over the chunks, its own first; nothing where it is alone. */
  readonly pass?: readonly TaskOfPass[];
  readonly selection?: RecordSelection;
  /** Whether it may hand over records before its end: `more` of a reply says that it has, and stopped. */
  readonly mayPause?: boolean;
  /** So many of its records were handed over by another attempt, and are left out. */
  readonly given?: number;
  /** Whether the attempt of this name is to go on after it has stopped. */
  readonly goesOn?: boolean;
  /** Seconds after which it ends with the extent that it is at, or the chunk, and leaves the rest: `covered` of a reply. */
  readonly budget?: number;
  /** The stage that reads what this task gives, which is all of its own stage: `nextStage` of a reply says what came of it. */
  readonly nextStage?: NextStage;
  /** Instead of chunks: what the stage's other tasks have made of theirs. */
  readonly fold?: FoldRequest;
}
