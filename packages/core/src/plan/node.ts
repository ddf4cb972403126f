import type { Source } from '../source/source.js';
import type { PlanFunction } from './function-ref.js';
import type { Op } from './verbs.js';

/** How a keyed verb brings the values of a key together. */
export type Shuffle<F> =
  | { readonly kind: 'reduce'; readonly verb: string; readonly fn: F }
  | { readonly kind: 'aggregate'; readonly verb: string; readonly fn: F }
  /** `key` tells what is counted: the key of a pair or the record itself. */
  | { readonly kind: 'count'; readonly verb: string; readonly key: 'pair' | 'record' }
  | { readonly kind: 'distinct'; readonly verb: string; readonly fn?: F }
  | { readonly kind: 'group'; readonly verb: string; readonly tags: number }
  | SortShuffle<F>;

/**
 * `ranges` says into how many ranges of keys, whatever the input and the options; `numbered` gives each record with its number,
 * where all have the same key.
 */
export interface SortShuffle<F> {
  readonly kind: 'sort';
  readonly verb: string;
  readonly fn: F;
  readonly descending: boolean;
  readonly ranges?: number;
  readonly numbered?: boolean;
}

/** The description of a dataset: sources, and what is done to them. Nothing in it runs. */
export type Node =
  /** `reader` is what reads the chunks of the source in a child: a `ChunkReader`. */
  | { readonly kind: 'source'; readonly source: Source; readonly reader: PlanFunction }
  | { readonly kind: 'narrow'; readonly input: Node; readonly op: Op<PlanFunction> }
  | { readonly kind: 'union'; readonly inputs: readonly Node[] }
  | { readonly kind: 'shuffle'; readonly inputs: readonly Node[]; readonly shuffle: Shuffle<PlanFunction> };

/** What a child does with the records at the end of a chunk. */
export type Sink<F> =
  | { readonly kind: 'collect'; readonly limit?: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'reduce'; readonly fn: F }
  | { readonly kind: 'aggregate'; readonly verb: string; readonly fn: F }
  | { readonly kind: 'shuffle'; readonly shuffle: Shuffle<F>; readonly partitions: number }
  | WriteSink<F>;

/** Writes the records of a task as one part, or as one in each directory that they belong to. */
export interface WriteSink<F> {
  readonly kind: 'write';
  readonly verb: string;
  /** Makes the `PartFormat` of a part. */
  readonly fn: F;
  /** Makes the `Partitioner`, and what it is in words. */
  readonly partition?: F;
  readonly partitionedBy?: string;
  readonly gzip: boolean;
  /** The directory that the user named, absolute. */
  readonly target: string;
}

/** How the user calls what a sink does. */
export function verbOf<F>(sink: Sink<F>): string {
  if (sink.kind === 'shuffle') return sink.shuffle.verb;
  return 'verb' in sink ? sink.verb : sink.kind;
}

/** The names of all sources of a description. */
export function sourceNames(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<Node>();
  const rest = [node];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    // A dataset that is used many times is one node.
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.kind === 'source') names.add(next.source.name);
    else rest.push(...('input' in next ? [next.input] : next.inputs));
  }
  return names;
}
