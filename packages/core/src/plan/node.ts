import type { Source } from '../source/source.js';
import type { FunctionRef } from './function-ref.js';

/** A narrow transformation: it needs one record, or one chunk, at a time. Errors call it by its verb. */
export type Op<F> =
  | { readonly verb: 'map' | 'filter' | 'flatMap' | 'mapPartitions' | 'mapValues' | 'keyBy'; readonly fn: F }
  | { readonly verb: 'mapAsync' | 'parallelMap'; readonly fn: F; readonly concurrency: number }
  | { readonly verb: 'mapReduce.map'; readonly fn: F }
  /** `combined` when a combiner has left one value a key. */
  | { readonly verb: 'mapReduce.reduce'; readonly fn: F; readonly combined: boolean }
  /** Makes a row of a line of JSON; `fn` is a schema. The second half of the source of this name. */
  | { readonly verb: 'jsonLines'; readonly fn?: F }
  | { readonly verb: 'sample'; readonly fraction: number; readonly seed: number }
  | { readonly verb: 'values' }
  | { readonly verb: 'aggregateByKey.finish'; readonly fn: F }
  | { readonly verb: 'join'; readonly keepLeft: boolean; readonly keepRight: boolean };

/** How a keyed verb brings the values of a key together. */
export type Shuffle<F> =
  | { readonly kind: 'reduce'; readonly verb: string; readonly fn: F }
  | { readonly kind: 'aggregate'; readonly verb: string; readonly fn: F }
  /** `key` tells what is counted: the key of a pair or the record itself. */
  | { readonly kind: 'count'; readonly verb: string; readonly key: 'pair' | 'record' }
  | { readonly kind: 'distinct'; readonly verb: string; readonly fn?: F }
  | { readonly kind: 'group'; readonly verb: string; readonly tags: number }
  | { readonly kind: 'sort'; readonly verb: string; readonly fn: F; readonly descending: boolean };

/** The description of a dataset: sources, and what is done to them. Nothing in it runs. */
export type Node =
  | { readonly kind: 'source'; readonly source: Source }
  | { readonly kind: 'narrow'; readonly input: Node; readonly op: Op<FunctionRef> }
  | { readonly kind: 'union'; readonly inputs: readonly Node[] }
  | { readonly kind: 'shuffle'; readonly inputs: readonly Node[]; readonly shuffle: Shuffle<FunctionRef> };

/** What a child does with the records at the end of a chunk. */
export type Sink<F> =
  | { readonly kind: 'collect'; readonly limit?: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'reduce'; readonly fn: F }
  | { readonly kind: 'aggregate'; readonly verb: string; readonly fn: F }
  | { readonly kind: 'shuffle'; readonly shuffle: Shuffle<F>; readonly partitions: number }
  | WriteSink;

export type WriteVerb = 'writeText' | 'writeJsonLines';

/** Writes the records of a task as one part. */
export interface WriteSink {
  readonly kind: 'write';
  readonly verb: WriteVerb;
  readonly gzip: boolean;
  /** The directory that the user named, absolute. */
  readonly target: string;
}
