/**
 * The narrow verbs: what each carries, and its traits. All that the engine must know of a verb beside its work stands
 * here, so a new one is added in three places: here, as a link of the chain (`task/verbs/links/`, in a table that the
 * compiler checks) and as a method of `Dataset`.
 */

/** A narrow transformation: it needs one record, or one chunk, at a time. Errors call it by its verb. */
export type Op<F> =
  | OpOf<'map' | 'filter' | 'flatMap' | 'mapValues' | 'keyBy' | 'mapReduce.map', { readonly fn: F }>
  /** `unit` is how many records its function takes together, where that is known. */
  | { readonly verb: 'mapPartitions'; readonly fn: F; readonly unit?: number }
  | OpOf<'mapAsync' | 'parallelMap', { readonly fn: F; readonly concurrency: number }>
  /** `combined` when a combiner has left one value a key. */
  | { readonly verb: 'mapReduce.reduce'; readonly fn: F; readonly combined: boolean }
  | { readonly verb: 'sample'; readonly fraction: number; readonly seed: number }
  | { readonly verb: 'withSeed'; readonly fn: F; readonly seed: number }
  | { readonly verb: 'values' }
  | { readonly verb: 'aggregateByKey.finish'; readonly fn: F }
  | OpOf<JoinVerb, InMemory & { readonly fn: F }>
  | { readonly verb: 'join.pairs'; readonly keepLeft: boolean; readonly keepRight: boolean };

/** An operation for each of some verbs that carry the same. */
type OpOf<V extends string, Carried> = { [One in V]: { readonly verb: One } & Carried }[V];

/** The verbs that look the keys of one side up in the other one, where that is a short list in memory. */
export type JoinVerb = 'join' | 'leftJoin' | 'semiJoin' | 'antiJoin';

/** The side of a join that every child has whole, as a `SideTable`, and how many records it has. */
interface InMemory {
  readonly side: 'left' | 'right';
  readonly records: number;
}

export type Verb = Op<unknown>['verb'];

export interface Traits {
  /** How many records it gives for one: exactly one, at most one, or any number. */
  readonly gives: 'one' | 'some' | 'many';
  /** What it works on: a record at a time, as a link of a fused chain, or all records of a chunk as an iterable. */
  readonly takes: 'record' | 'records';
  /** Whether its function may return a promise, which is awaited. */
  readonly awaits: boolean;
  /** Whether it is the last step of another verb, which the user does not see. */
  readonly isHidden: boolean;
}

const aRecord = { gives: 'one', takes: 'record', awaits: false, isHidden: false } as const satisfies Traits;

export const verbs = {
  map: aRecord,
  filter: { ...aRecord, gives: 'some' },
  flatMap: { ...aRecord, gives: 'many' },
  mapPartitions: { ...aRecord, gives: 'many', takes: 'records' },
  mapAsync: { ...aRecord, takes: 'records', awaits: true },
  parallelMap: { ...aRecord, takes: 'records', awaits: true },
  mapValues: aRecord,
  keyBy: aRecord,
  sample: { ...aRecord, gives: 'some' },
  withSeed: aRecord,
  join: { ...aRecord, gives: 'many' },
  leftJoin: { ...aRecord, gives: 'many' },
  semiJoin: { ...aRecord, gives: 'some' },
  antiJoin: { ...aRecord, gives: 'some' },
  'join.pairs': { ...aRecord, gives: 'many', isHidden: true },
  values: { ...aRecord, isHidden: true },
  'aggregateByKey.finish': { ...aRecord, isHidden: true },
  'mapReduce.map': { ...aRecord, gives: 'many' },
  'mapReduce.reduce': aRecord,
} as const satisfies Record<Verb, Traits>;

/** The verbs that are links of a fused chain. */
export type LinkVerb = { [V in Verb]: (typeof verbs)[V]['takes'] extends 'record' ? V : never }[Verb];

/** The traits of a verb. */
export function traitsOf(verb: Verb): Traits {
  return verbs[verb];
}

/** Whether a verb waits for what its function returns; verbs of other kinds (keyed ones, actions) do not. */
export function isAwaiting(verb: string): boolean {
  return Object.hasOwn(verbs, verb) && traitsOf(verb as Verb).awaits;
}
