import type { RunOptions } from '../options/run-options.js';
import type { Items } from '../source/items.js';
import { CONCURRENCY, Dataset, isDataset, nodeIn } from './dataset.js';
import type { AnyFunction } from '../plan/callable.js';
import { refer, type PlanFunction } from '../plan/function-ref.js';
import { from } from './from.js';
import type { Node, Shuffle } from '../plan/node.js';
import { aFunction, checkArgument, checkArguments } from '../checks/check-arguments.js';
import type { Widen } from './widen.js';

/** The functions of a classic MapReduce. They travel as text: move them into a job if they close over anything. */
export interface MapReduceFunctions<T, K, V, R> {
  /** Emits any number of pairs for a record. */
  map(record: T): Iterable<readonly [K, V]>;
  /** Joins two values of a key early. Associative; it may run 0, 1 or many times. */
  combine?(a: Widen<V>, b: Widen<V>): Widen<V>;
  /** Sees a key with all its values, in input order (or with what `combine` has left of them). */
  reduce(key: K, values: Iterable<Widen<V>>): R;
}

/**
 * Runs a classic MapReduce (Dean and Ghemawat, 2004).
 *
 * @param source A dataset, or anything that `from` takes.
 * @param functions Self-contained: they travel as text.
 * @param options As of `Plan.run`.
 * @returns The reduced value of each key, in the order of keyed verbs: see `Dataset`.
 * @throws As `Plan.run` does.
 * @example
 * const counts = await mapReduce(['to be', 'or not to be'], {
 *   map: (line) => line.split(' ').map((word) => [word, 1]),
 *   combine: (a, b) => a + b,
 *   reduce: (word, ones) => [...ones].reduce((a, b) => a + b),
 * });
 * counts.get('be'); // -> 2
 */
export async function mapReduce<T, K, V, R>(
  source: Dataset<T> | Items<T>,
  functions: MapReduceFunctions<T, K, V, R>,
  options: RunOptions = {},
): Promise<Map<K, R>> {
  const rules = { map: aFunction, combine: aFunction, reduce: aFunction };
  checkArguments('mapReduce', functions, rules, 'functions');
  const { map, combine, reduce } = functions;
  checkArgument('map', map, aFunction);
  checkArgument('reduce', reduce, aFunction);
  const dataset = isDataset(source) ? source : from(source);
  const mapped: Node = {
    kind: 'narrow',
    input: nodeIn(dataset),
    op: { verb: 'mapReduce.map', fn: refer('mapReduce.map', map) },
  };
  const shuffle: Shuffle<PlanFunction> =
    combine === undefined
      ? { kind: 'group', verb: 'mapReduce', tags: 1 }
      : { kind: 'reduce', verb: 'mapReduce.combine', fn: refer('mapReduce.combine', combine) };
  const reduced = new Dataset<[K, R]>({
    kind: 'narrow',
    input: { kind: 'shuffle', inputs: [mapped], shuffle },
    op: {
      verb: 'mapReduce.reduce',
      fn: refer('mapReduce.reduce', reduce as AnyFunction),
      combined: combine !== undefined,
    },
  });
  return reduced.toMap().run(options);
}

/**
 * Maps items in parallel and keeps their order, as Python's `Pool.map`. `fn` may return a promise, which is awaited: then
 * 16 calls a child are under way at a time.
 *
 * @param items Anything that `from` takes.
 * @param fn Self-contained: it travels as text. Inside a pipeline, use a job, and `map` or `mapAsync`.
 * @param options As of `Plan.run`.
 * @throws As `Plan.run` does.
 * @example
 * await parallelMap([1, 2, 3], (n) => n * n, { processes: 2 }); // -> [ 1, 4, 9 ]
 */
export async function parallelMap<T, R>(
  items: Items<T>,
  fn: (item: T) => R | PromiseLike<R>,
  options: RunOptions = {},
): Promise<Awaited<R>[]> {
  const op = { verb: 'parallelMap', fn: refer('parallelMap', fn), concurrency: CONCURRENCY } as const;
  return new Dataset<Awaited<R>>({ kind: 'narrow', input: nodeIn(from(items)), op }).toArray().run(options);
}
