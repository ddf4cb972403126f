import { inspect } from 'node:util';
import { otherVersion } from '../disk/copies.js';
import { EmptyReduceError } from '../errors.js';
import { checkOptions } from '../options/check-options.js';
import type { RunOptions } from '../options/run-options.js';
import { checkGroupKey, checkKey } from '../checks/check-key.js';
import { wrongArgument } from '../checks/wrong-argument.js';
import type { Aggregator } from '../fold/aggregator.js';
import { byName, type Aggregators, type Folded } from '../fold/by-name.js';
import { withFieldsThere } from '../fold/fields-there.js';
import { firstN } from '../fold/first-n.js';
import { topN, type Rank } from '../fold/top-n.js';
import {
  antiJoined,
  batchesOf,
  isSideKey,
  joinedWith,
  listOf,
  sameKey,
  semiJoined,
  underOneKey,
} from '../plan/own-functions.js';
import { nodeInOneLine } from '../plan/function-names.js';
import { refer, referAggregator, referModule, type PlanFunction } from '../plan/function-ref.js';
import { brand, version } from '../shared-state.js';
import type { ModuleRef } from '../module-ref.js';
import type { Action, Gathering, WrittenFiles } from '../plan/action.js';
import type { Node, Shuffle } from '../plan/node.js';
import type { Op } from '../plan/verbs.js';
import type { Source } from '../source/source.js';
import { field } from '../fold/by-field.js';
import { intoMap } from './gather-map.js';
import { isParkedHere } from '../task/parking.js';
import { Plan } from './plan.js';
import { recordStream } from './record-stream.js';
import {
  aBoolean,
  aCount,
  aFraction,
  aFunction,
  anyInteger,
  checkArgument,
  checkArguments,
  positiveInteger,
} from '../checks/check-arguments.js';
import { keysRef, referKeys, type SortKeys } from './sort-keys.js';
import type { Widen } from './widen.js';
import {
  jsonLinesFormat,
  textFormat,
  writeAction,
  writeCsvAction,
  type WriteCsvOptions,
  type WriteOptions,
  type Writing,
} from './write.js';

/** How many calls of an asynchronous function a child has under way, unless it is told otherwise. */
export const CONCURRENCY = 16;

/** A record of a keyed verb: `[key, value]`. */
export type Pair<K, V> = readonly [K, V];

/** The pairs of a side that travels. An iterator gives them once. @throws OptionError */
function pairsOf<K, W>(side: Iterable<Pair<K, W>>): readonly Pair<K, W>[] {
  const isIterable = typeof side === 'object' && Symbol.iterator in ((side as object | null) ?? {});
  const pairs: readonly unknown[] = isIterable ? [...side] : [];
  if (isIterable && pairs.every((pair) => Array.isArray(pair) && pair.length === 2 && isSideKey(pair[0]))) {
    return pairs as readonly Pair<K, W>[];
  }
  const rule =
    'an iterable of pairs of a key (text, number, bigint, boolean, Date) and a value, such as a Map';
  throw wrongArgument('side', rule, side);
}

// Keys that no editor offers; other copies of this package know the first.
const NODE: unique symbol = Symbol.for('@forkfold/core/node');
declare const RECORD: unique symbol;

/**
 * A lazy, immutable description of records: a source and the transformations on it. Made by `from`, `range`, `textLines`,
 * `byteChunks`, `jsonLines`, `csv` and `files`. Nothing runs until an action's plan is run, or `stream` is iterated.
 *
 * **Order.** Narrow verbs (all above `union`) keep the order of the input, and so does a join with a short list in memory. Other
 * keyed verbs give their keys in an order that depends on the input, the chunk options, `partitions` and `memoryLimit`, and on
 * neither `processes` nor timing; where an order by key is wanted, `sortBy` gives it. The values of a key always stay in input
 * order.
 *
 * **Keys** are compared by value: strings, numbers (NaN equals NaN, -0 equals 0, 1 differs from `'1'` and `1n`), bigints,
 * booleans, null, undefined, Dates, and plain objects and arrays of these, whatever the order of their properties.
 * Any other key rejects the run with a `SerializationError`, and a record that is no pair with a `TaskError`, unless
 * `onError` says to leave such records out.
 *
 * **Functions** run in the children. Outside a job their text travels, so they see no variable from around them: see
 * `defineJob`. Every verb throws an `OptionError` at once for a function that can never travel (native, bound, a class).
 * What a function throws in a child rejects the run with a `TaskError`.
 */
export class Dataset<T> {
  /** @internal */
  readonly [NODE]: Node;
  /** @internal Carries the type of the records; never set. */
  declare readonly [RECORD]?: T;

  /** @internal */
  constructor(node: Node) {
    this[NODE] = node;
  }

  /**
   * Maps each record to one record. A promise cannot leave the child: use `mapAsync`.
   *
   * An array of two that is written in place, `[word, 1]`, is a pair, as keyed verbs want it; one of one stays an array.
   *
   * @group Verbs
   * @example
   * await from([1, 2, 3]).map((n) => n * n).toArray().run(); // -> [ 1, 4, 9 ]
   */
  map<R extends Pair<unknown, unknown>>(fn: (record: T) => R): Dataset<R>;
  map<R>(fn: (record: T) => [R]): Dataset<R[]>;
  map<R>(fn: (record: T) => R): Dataset<R>;
  map<R>(fn: (record: T) => R): Dataset<R> {
    return this.#narrow({ verb: 'map', fn: refer('map', fn) });
  }

  /**
   * Keeps the records for which `fn` returns something truthy; a type guard narrows the type of the records.
   *
   * @group Verbs
   * @example
   * await range(10).filter((n) => n % 3 === 0).toArray().run(); // -> [ 0, 3, 6, 9 ]
   */
  filter<S extends T>(fn: (record: T) => record is S): Dataset<S>;
  filter(fn: (record: T) => unknown): Dataset<T>;
  filter(fn: (record: T) => unknown): Dataset<T> {
    return this.#narrow({ verb: 'filter', fn: refer('filter', fn) });
  }

  /**
   * Maps each record to any number of records: an array, or any iterable, a generator's too. An async iterable is awaited item
   * by item, before the next record; what precedes `mapPartitions` must be synchronous.
   *
   * @group Verbs
   * @example
   * await from(['to be', 'or']).flatMap((line) => line.split(' ')).toArray().run(); // -> [ 'to', 'be', 'or' ]
   */
  flatMap<R extends Pair<unknown, unknown>>(fn: (record: T) => Iterable<R> | AsyncIterable<R>): Dataset<R>;
  flatMap<R>(fn: (record: T) => Iterable<[R]> | AsyncIterable<[R]>): Dataset<R[]>;
  flatMap<R>(fn: (record: T) => Iterable<R> | AsyncIterable<R>): Dataset<R>;
  flatMap<R>(fn: (record: T) => Iterable<R> | AsyncIterable<R>): Dataset<R> {
    return this.#narrow({ verb: 'flatMap', fn: refer('flatMap', fn) });
  }

  /**
   * Maps the records of a chunk at once, as an iterable that is read lazily: for what is worth setting up once a chunk. `fn`
   * is called once for each chunk (for each bucket after a keyed verb), so its result depends on the chunk options. What
   * comes later, the lines of a compressed file and the results of `mapAsync`, is gathered in memory before it is called.
   *
   * @group Verbs
   * @example
   * const sums = range(6).mapPartitions(function* (numbers) {
   *   let sum = 0;
   *   for (const n of numbers) sum += n;
   *   yield sum;
   * });
   * await sums.toArray().run({ chunkSize: 3 }); // -> [ 3, 12 ]
   */
  mapPartitions<R extends Pair<unknown, unknown>>(fn: (records: Iterable<T>) => Iterable<R>): Dataset<R>;
  mapPartitions<R>(fn: (records: Iterable<T>) => Iterable<[R]>): Dataset<R[]>;
  mapPartitions<R>(fn: (records: Iterable<T>) => Iterable<R>): Dataset<R>;
  mapPartitions<R>(fn: (records: Iterable<T>) => Iterable<R>): Dataset<R> {
    return this.#narrow({ verb: 'mapPartitions', fn: refer('mapPartitions', fn) });
  }

  /**
   * As `map`, but awaits what `fn` returns. Each child has up to `concurrency` calls under way, whatever the chunks; with
   * `timeout`, `tasksPerProcess`, `checkpoint` or `bufferSize`, which speak of single chunks, as many as a chunk has records.
   * Order is kept: up to four times as many results wait for the one before them.
   *
   * @param options `concurrency`: an integer of at least 1, a child. Default 16.
   * @throws OptionError for another concurrency.
   * @group Verbs
   * @example
   * const pages = range(3).mapAsync(
   *   async (n) => {
   *     const answer = await fetch(`data:,page ${n}`);
   *     return answer.text();
   *   },
   *   { concurrency: 2 },
   * );
   * await pages.toArray().run(); // -> [ 'page 0', 'page 1', 'page 2' ]
   */
  mapAsync<R extends Pair<unknown, unknown>>(
    fn: (record: T) => R | PromiseLike<R>,
    options?: { concurrency?: number },
  ): Dataset<R>;
  mapAsync<R>(fn: (record: T) => R | PromiseLike<R>, options?: { concurrency?: number }): Dataset<Awaited<R>>;
  mapAsync<R>(
    fn: (record: T) => R | PromiseLike<R>,
    options: { concurrency?: number } = {},
  ): Dataset<Awaited<R>> {
    checkArguments('mapAsync', options, { concurrency: positiveInteger });
    const { concurrency = CONCURRENCY } = options;
    return this.#narrow({ verb: 'mapAsync', fn: refer('mapAsync', fn), concurrency });
  }

  /**
   * Maps the value of each pair and keeps its key. A record that is no pair is a `TaskError`.
   *
   * @group Verbs on pairs
   * @example
   * const prices = from(new Map([['apple', 2], ['pear', 3]]));
   * await prices.mapValues((price) => price * 10).toArray().run(); // -> [ [ 'apple', 20 ], [ 'pear', 30 ] ]
   */
  mapValues<K, V, R>(this: Dataset<Pair<K, V>>, fn: (value: V) => R): Dataset<[K, R]> {
    return this.#narrow({ verb: 'mapValues', fn: refer('mapValues', fn) });
  }

  /**
   * Makes a pair of each record: `[fn(record), record]`.
   *
   * @group Verbs
   * @example
   * await from(['ant', 'bear']).keyBy((name) => name.length).toArray().run(); // -> [ [ 3, 'ant' ], [ 4, 'bear' ] ]
   */
  keyBy<K>(fn: (record: T) => K): Dataset<[K, T]> {
    return this.#narrow({ verb: 'keyBy', fn: refer('keyBy', fn) });
  }

  /**
   * About `fraction` of the records (0 to 1), each taken or left by a random number of its own. Which ones depends on
   * `seed` (an integer) and on the chunk boundaries alone: two runs with the same chunk options take the same records.
   *
   * @throws OptionError for a fraction outside 0 to 1.
   * @group Verbs
   * @example
   * await range(1000).sample(0.1, 8).count().run(); // -> 115
   */
  sample(fraction: number, seed = 0): Dataset<T> {
    checkArgument('fraction', fraction, aFraction);
    checkArgument('seed', seed, anyInteger);
    return this.#narrow({ verb: 'sample', fraction, seed });
  }

  /**
   * `map` with chance: `fn(record, random)` gets a generator of its own for each record, `random()` a number from 0 up to, but not
   * including, 1, with 53 random bits. What it gives depends on `seed` (an integer) and on which record it is: of `from` and
   * `range` by its index in the source, whatever the chunks, so that a longer input begins with the same numbers; of files, and
   * after keyed verbs, by its chunk and its number in that, so that it is the same for the same chunk options. Never on processes
   * or retries. Two such verbs with the same seed have the same numbers: give each its own seed.
   *
   * The generator is sfc32, with a state of 128 bits made of seed and position. It is no source of secrets.
   *
   * @throws OptionError for a seed that is no integer.
   * @group Verbs
   * @example
   * const hits = range(1000).withSeed(42, (_, random) => random() ** 2 + random() ** 2 < 1);
   * await hits.filter((isHit) => isHit).count().run(); // -> 790
   */
  withSeed<R>(seed: number, fn: (record: T, random: () => number) => R): Dataset<R> {
    checkArgument('seed', seed, anyInteger);
    return this.#narrow({ verb: 'withSeed', fn: refer('withSeed', fn), seed });
  }

  /**
   * The records of this dataset, then those of the others, in the order given. Duplicates stay.
   *
   * @group Verbs
   * @example
   * await range(2).union(range(5, 7)).toArray().run(); // -> [ 0, 1, 5, 6 ]
   */
  union<U = T>(...others: readonly Dataset<U>[]): Dataset<T | U> {
    const inputs = [this[NODE], ...others.map((other) => nodeOf('union', other))];
    return new Dataset({ kind: 'union', inputs });
  }

  /**
   * Folds the values of each key, in input order, with an associative `op`; it need not be commutative. A key with one
   * value keeps it, and `op` is not called. Values are folded before they travel, so it moves far less than `groupByKey`.
   *
   * @group Verbs on pairs
   * @example
   * const sales = from([['pear', 3], ['apple', 2], ['pear', 4]] as [string, number][]);
   * await sales.reduceByKey((a, b) => a + b).toMap().run(); // -> Map(2) { 'apple' => 2, 'pear' => 7 }
   */
  reduceByKey<K, V>(
    this: Dataset<Pair<K, V>>,
    op: (a: Widen<V>, b: Widen<V>) => Widen<V>,
  ): Dataset<[K, Widen<V>]> {
    return this.#shuffle({ kind: 'reduce', verb: 'reduceByKey', fn: refer('reduceByKey', op) });
  }

  /**
   * Folds the values of each key, in input order, with an aggregator: `sum`, `mean`, ... or one of your own; or with several, in
   * one pass, to an object of their results: `{ n: count, mean: mean('amount') }`.
   *
   * @group Verbs on pairs
   * @example
   * const sales = from([['pear', 3], ['apple', 2], ['pear', 4]] as [string, number][]);
   * await sales.aggregateByKey(mean).toMap().run(); // -> Map(2) { 'apple' => 2, 'pear' => 3.5 }
   */
  aggregateByKey<K, V, A, R = A, Named = unknown>(
    this: Dataset<Pair<K, V>>,
    aggregator: Aggregator<NoInfer<V>, A, R> | (Named & Aggregators<NoInfer<V>>),
  ): Dataset<[K, Folded<V, R, Named>]> {
    const fn = referAggregator('aggregateByKey', byName('aggregateByKey', aggregator));
    const shuffled = this.#shuffle({ kind: 'aggregate', verb: 'aggregateByKey', fn });
    return shuffled.#narrow({ verb: 'aggregateByKey.finish', fn });
  }

  /**
   * Groups records by the value of a field, or by what a function gives, for `aggregate`: the keys of `keyBy`, the aggregation of
   * `aggregateByKey`.
   *
   * @throws OptionError for what is no name and no function.
   * @group Verbs by key or order
   * @example
   * const rows = from([
   *   { country: 'de', latency: 30 },
   *   { country: 'fr', latency: 20 },
   *   { country: 'de', latency: 50 },
   * ]);
   * const byCountry = rows.groupBy('country').aggregate({ n: count, median: quantile('latency', 0.5) });
   * await byCountry.toMap().run(); // -> Map(2) { 'de' => { median: 40, n: 2 }, 'fr' => { median: 20, n: 1 } }
   */
  groupBy<Row, K extends keyof Row & string>(this: Dataset<Row>, key: K): Grouped<Row[K], Row>;
  groupBy<K>(key: (record: T) => K): Grouped<K, T>;
  groupBy<K>(key: string | ((record: T) => K)): Grouped<K, T> {
    checkGroupKey(key);
    const fn = typeof key === 'string' ? (field(key) as (record: T) => K) : key;
    return new Grouped(this.#narrow({ verb: 'keyBy', fn: refer('groupBy', fn) }));
  }

  /**
   * The values of each key, in input order. They are an array where the bucket fits in memory; otherwise an iterable that
   * reads the disk each time it is iterated, so one key may have more values than memory holds. It can be read until the
   * next record is taken: `mapPartitions` and aggregators that keep it must copy it. Results of a run arrive as arrays.
   *
   * The option `sortBy` gives the order of the values of a key, as the verb does; they are arrays then, which must fit in memory.
   *
   * @throws OptionError for other options.
   * @group Verbs on pairs
   * @example
   * const sales = from([['pear', 3], ['apple', 2], ['pear', 4]] as [string, number][]);
   * await sales.groupByKey().toMap().run(); // -> Map(2) { 'apple' => [ 2 ], 'pear' => [ 3, 4 ] }
   * const largestFirst = sales.groupByKey({ sortBy: desc((n) => n) });
   * await largestFirst.toMap().run(); // -> Map(2) { 'apple' => [ 2 ], 'pear' => [ 4, 3 ] }
   */
  groupByKey<K, V>(this: Dataset<Pair<K, V>>): Dataset<[K, Iterable<V>]>;
  groupByKey<K, V>(this: Dataset<Pair<K, V>>, options: { readonly sortBy: SortKeys<V> }): Dataset<[K, V[]]>;
  groupByKey<K, V>(
    this: Dataset<Pair<K, V>>,
    options: { readonly sortBy?: SortKeys<V> } = {},
  ): Dataset<[K, V[]]> | Dataset<[K, Iterable<V>]> {
    checkArguments('groupByKey', options, { sortBy: ['a key, or an array of keys', () => true] });
    const grouped = this.#shuffle<[K, Iterable<V>]>({ kind: 'group', verb: 'groupByKey', tags: 1 });
    const { sortBy } = options;
    if (sortBy === undefined) return grouped;
    const fn = referModule('groupByKey', keysRef('groupByKey', 'sortedValues', sortBy));
    return grouped.#narrow<[K, V[]]>({ verb: 'mapValues', fn });
  }

  /**
   * How many pairs each key has.
   *
   * @group Verbs on pairs
   * @example
   * const sales = from([['pear', 3], ['apple', 2], ['pear', 4]] as [string, number][]);
   * await sales.countByKey().toMap().run(); // -> Map(2) { 'apple' => 1, 'pear' => 2 }
   */
  countByKey<K>(this: Dataset<Pair<K, unknown>>): Dataset<[K, number]> {
    return this.#shuffle({ kind: 'count', verb: 'countByKey', key: 'pair' });
  }

  /**
   * How often each record occurs, compared as a key.
   *
   * @group Verbs by key or order
   * @example
   * await from(['to', 'be', 'to']).countByValue().toMap().run(); // -> Map(2) { 'be' => 1, 'to' => 2 }
   */
  countByValue(): Dataset<[T, number]> {
    return this.#shuffle({ kind: 'count', verb: 'countByValue', key: 'record' });
  }

  /**
   * The first record, in input order, of each key, or of each value where no key is given; compared as keys are.
   *
   * @group Verbs by key or order
   * @example
   * await from(['ant', 'bear', 'bee']).distinct((name) => name[0]).sortBy((name) => name).toArray().run(); // -> [ 'ant', 'bear' ]
   */
  distinct(key?: (record: T) => unknown): Dataset<T> {
    checkKey('distinct', 'distinct((record) => record.id)', key);
    const fn = key !== undefined && { fn: refer('distinct', key) };
    return this.#shuffle({ kind: 'distinct', verb: 'distinct', ...fn }).#narrow({ verb: 'values' });
  }

  /**
   * Sorts by a key; stable. Strings compare by UTF-16 code units, numbers with NaN last, Dates by time, arrays item by
   * item. Keys of different types: booleans, numbers, bigints, strings, Dates, arrays, null, undefined. `descending`
   * reverses all of it, and still keeps equal keys in input order. The records are sorted in the children, cut into
   * ranges of keys and merged; what does not fit in memory is spilled.
   *
   * A key of any other type, a plain object too, rejects the run with a `SerializationError`.
   *
   * @param key A function, the name of a field, `desc` of these, or an array of them: the first decides, the next among equals.
   * @throws OptionError for a function of two records, as a comparator is one.
   * @group Verbs by key or order
   * @example
   * await from([3, 1, 2]).sortBy((n) => n, { descending: true }).toArray().run(); // -> [ 3, 2, 1 ]
   * const rows = from([{ team: 'b', n: 1 }, { team: 'a', n: 2 }, { team: 'a', n: 3 }]);
   * await rows.sortBy(['team', desc('n')]).map((row) => row.n).toArray().run(); // -> [ 3, 2, 1 ]
   */
  sortBy(key: SortKeys<T>, options: { descending?: boolean } = {}): Dataset<T> {
    checkArguments('sortBy', options, { descending: aBoolean });
    const { descending = false } = options;
    return this.#shuffle({ kind: 'sort', verb: 'sortBy', fn: referKeys('sortBy', key), descending });
  }

  /**
   * Pairs of each record and its number from 0 on, in the order of the dataset, the same for any number of processes. Records are
   * mapped once, and written and read again once, as by a sort, since a chunk knows its numbers only when all before it are counted.
   *
   * @group Verbs by key or order
   * @example
   * await from(['a', 'b', 'c']).zipWithIndex().toArray().run(); // -> [ [ 'a', 0 ], [ 'b', 1 ], [ 'c', 2 ] ]
   */
  zipWithIndex(): Dataset<[T, number]> {
    const fn = refer('zipWithIndex', sameKey);
    return this.#shuffle({ kind: 'sort', verb: 'zipWithIndex', fn, descending: false, numbered: true });
  }

  /**
   * For each key of either dataset its values in this one and its values in the other, each in input order. For how long
   * they may be read see `groupByKey`.
   *
   * @group Verbs on pairs
   * @example
   * const prices = from(new Map([['apple', 2], ['pear', 3]]));
   * const stock = from(new Map([['pear', 70], ['fig', 5]]));
   * await prices.cogroup(stock).toMap().run(); // -> Map(3) { 'apple' => [ [ 2 ], [] ], 'fig' => [ [], [ 5 ] ], 'pear' => [ [ 3 ], [ 70 ] ] }
   */
  cogroup<K, V, W>(
    this: Dataset<Pair<K, V>>,
    other: Dataset<Pair<K, W>>,
  ): Dataset<[K, [Iterable<V>, Iterable<W>]]> {
    return this.#shuffle({ kind: 'group', verb: 'cogroup', tags: 2 }, [nodeOf('cogroup', other)]);
  }

  /**
   * Every pair of values that two datasets have for the same key, as `[key, [left, right]]`: for each key in the order of
   * the left values, then of the right. Keys of one side only are left out.
   *
   * Where one side is a short list in memory, nothing is shuffled: every child has the list, and the order of the other side is kept.
   * That is an array, a `Map` or a `Set` right after `from`, of at most 10,000 pairs and 1 MiB; on the left, each key must be there
   * once. Behind any verb it is shuffled; a side that is to travel whatever its size is one of `broadcastJoin`.
   *
   * A side that a key has too many values of for memory is read from the disk, the right one anew for each left value.
   *
   * @group Verbs on pairs
   * @example
   * const prices = from(new Map([['apple', 2], ['pear', 3]]));
   * const stock = from(new Map([['pear', 70], ['fig', 5]]));
   * await prices.join(stock).toArray().run(); // -> [ [ 'pear', [ 3, 70 ] ] ]
   */
  join<K, V, W>(this: Dataset<Pair<K, V>>, other: Dataset<Pair<K, W>>): Dataset<[K, [V, W]]> {
    return this.#joined('join', other, { keepLeft: false, keepRight: false });
  }

  /**
   * As `join`, and each left value without a right one, with `undefined` in its place. A right side that is a short list in memory
   * is not shuffled, as in `join`.
   *
   * @group Verbs on pairs
   * @example
   * const prices = from(new Map([['apple', 2], ['pear', 3]]));
   * const stock = from(new Map([['pear', 70], ['fig', 5]]));
   * await prices.leftJoin(stock).toMap().run(); // -> Map(2) { 'apple' => [ 2, undefined ], 'pear' => [ 3, 70 ] }
   */
  leftJoin<K, V, W>(this: Dataset<Pair<K, V>>, other: Dataset<Pair<K, W>>): Dataset<[K, [V, W | undefined]]> {
    return this.#joined('leftJoin', other, { keepLeft: true, keepRight: false });
  }

  /**
   * As `join`, and each value of either side without one of the other, with `undefined` in its place. It always shuffles.
   *
   * @group Verbs on pairs
   * @example
   * const prices = from(new Map([['apple', 2], ['pear', 3]]));
   * const stock = from(new Map([['pear', 70], ['fig', 5]]));
   * await prices.fullJoin(stock).count().run(); // -> 3
   */
  fullJoin<K, V, W>(
    this: Dataset<Pair<K, V>>,
    other: Dataset<Pair<K, W>>,
  ): Dataset<[K, [V | undefined, W | undefined]]> {
    return this.#joined('fullJoin', other, { keepLeft: true, keepRight: true });
  }

  /**
   * The pairs whose key the other dataset has, whatever its values, each once; the values of a key in input order. Another one that is
   * a short list in memory is not shuffled, as in `join`, and all pairs stay in their order.
   *
   * @group Verbs on pairs
   * @example
   * const prices = from(new Map([['apple', 2], ['pear', 3]]));
   * const stock = from(new Map([['pear', 70], ['fig', 5]]));
   * await prices.semiJoin(stock).toArray().run(); // -> [ [ 'pear', 3 ] ]
   */
  semiJoin<K, V>(this: Dataset<Pair<K, V>>, other: Dataset<Pair<K, unknown>>): Dataset<[K, V]> {
    return this.#keyedBy('semiJoin', semiJoined, other);
  }

  /**
   * The pairs whose key the other dataset does not have; the values of a key in input order. Another one that is a short list in memory
   * is not shuffled, as in `join`, and all pairs stay in their order.
   *
   * @group Verbs on pairs
   * @example
   * const prices = from(new Map([['apple', 2], ['pear', 3]]));
   * const stock = from(new Map([['pear', 70], ['fig', 5]]));
   * await prices.antiJoin(stock).toArray().run(); // -> [ [ 'apple', 2 ] ]
   */
  antiJoin<K, V>(this: Dataset<Pair<K, V>>, other: Dataset<Pair<K, unknown>>): Dataset<[K, V]> {
    return this.#keyedBy('antiJoin', antiJoined, other);
  }

  /** Of the other dataset one pair a key travels. */
  #keyedBy<R>(
    verb: string,
    fn: (group: never) => Iterable<unknown>,
    other: Dataset<Pair<unknown, unknown>>,
  ): Dataset<R> {
    const keys = new Dataset<Pair<unknown, unknown>>(nodeOf(verb, other)).countByKey();
    const group = { kind: 'group', verb, tags: 2 } as const;
    return this.#shuffle(group, [keys[NODE]]).#narrow({ verb: 'flatMap', fn: refer(verb, fn) });
  }

  /**
   * As `join`, with a small side that every child has whole: an array, a `Map` or any iterable of pairs. Nothing is shuffled, and the
   * order of the records is kept. The side travels once a child, whatever its size, and all records of a child have the very same
   * values of it: make new ones instead of changing them. Keys are texts, numbers, bigints, booleans, Dates, null and undefined.
   *
   * @throws OptionError for a side that is no iterable of pairs.
   * @group Verbs on pairs
   * @example
   * const orders = from([['de', 12], ['fr', 20]] as [string, number][]);
   * const names = new Map([['de', 'Germany']]);
   * await orders.broadcastJoin(names).toArray().run(); // -> [ [ 'de', [ 12, 'Germany' ] ] ]
   */
  broadcastJoin<K, V, W>(this: Dataset<Pair<K, V>>, side: Iterable<Pair<K, W>>): Dataset<[K, [V, W]]> {
    return this.#narrow({ verb: 'flatMap', fn: refer('broadcastJoin', joinedWith(pairsOf(side))) });
  }

  /**
   * The first `n` records, in order, as a dataset for further verbs; they must fit in memory. Right before `toArray`, `toMap`,
   * `forEach`, `first` or `take` the run stops as soon as it has them, as `take` does; before anything else all chunks are read.
   *
   * @throws OptionError unless `n` is an integer of at least 0.
   * @group Verbs by key or order
   * @example
   * await range(1000).limit(3).map((n) => n * 10).toArray().run(); // -> [ 0, 10, 20 ]
   */
  limit(n: number): Dataset<T> {
    checkArgument('n', n, aCount);
    const one: Dataset<unknown> = this.#narrow({ verb: 'map', fn: refer('limit', underOneKey) });
    const fn = referAggregator('limit', firstN(n));
    const first = one.#shuffle({ kind: 'aggregate', verb: 'limit', fn });
    const limited = first.#narrow<T>({ verb: 'flatMap', fn: refer('limit', listOf) });
    limits.set(limited[NODE], { input: this[NODE], n });
    return limited;
  }

  /**
   * Arrays of `n` records, in order. Chunks of items and numbers hold a multiple of `n` of them unless `chunkSize` says
   * otherwise, and only the very last array has fewer. A chunk of a file, what a `filter` or a `flatMap` leaves of any chunk, and a
   * bucket after a keyed verb end with an array of what is left, so there the arrays depend on the chunk options, as with
   * `mapPartitions`.
   *
   * @throws OptionError unless `n` is an integer of at least 1.
   * @group Verbs
   * @example
   * await range(5).batches(2).toArray().run(); // -> [ [ 0, 1 ], [ 2, 3 ], [ 4 ] ]
   */
  batches(n: number): Dataset<T[]> {
    checkArgument('n', n, positiveInteger);
    return this.#narrow({ verb: 'mapPartitions', fn: refer('batches', batchesOf(n)), unit: n });
  }

  /**
   * All records, in order. They must fit in the parent's memory: `stream` yields more than that.
   *
   * @group Actions
   * @example
   * await range(3).toArray().run(); // -> [ 0, 1, 2 ]
   */
  toArray(): Plan<T[]> {
    return this.#plan({ sink: { kind: 'collect' }, finish: ({ value }) => value });
  }

  /**
   * All pairs as a Map, which compares keys as Maps do: two equal objects are two keys. The last pair of a key wins. A
   * record that is no pair is a `TaskError`.
   *
   * @group Actions
   * @example
   * await from(['ant', 'bear']).map((name) => [name, name.length]).toMap().run(); // -> Map(2) { 'ant' => 3, 'bear' => 4 }
   */
  toMap<K, V>(this: Dataset<Pair<K, V>>): Plan<Map<K, V>> {
    return this.#plan({ sink: { kind: 'collect' }, gather: intoMap, finish: ({ value }) => value });
  }

  /**
   * Folds all records, in input order, with an associative `op`; it need not be commutative. The fold is a balanced tree
   * that depends on the input and the chunk options alone: floating-point sums are the same to the bit for any number
   * of processes, and a product of big integers takes a fraction of the time of a left fold.
   *
   * The run rejects with an `EmptyReduceError` for no records and no identity.
   *
   * @param identity Combined once, on the left, in the parent; the result for no records. Each run has a copy of it, so that
   *   `op` may change it; what cannot travel to a child is no identity.
   * @group Actions
   * @example
   * await range(1, 21).map((n) => BigInt(n)).reduce((a, b) => a * b).run(); // -> 2432902008176640000n
   * await range(0).reduce((a, b) => a + b, 0).run(); // -> 0
   */
  reduce(op: (a: Widen<T>, b: Widen<T>) => Widen<T>, ...identity: [identity?: Widen<T>]): Plan<Widen<T>> {
    return this.#plan({
      sink: { kind: 'reduce', fn: refer('reduce', op) },
      finish: ({ value, found, copy }) => {
        if (identity.length === 0) {
          if (!found) throw new EmptyReduceError();
          return value;
        }
        const own = copy(identity[0] as Widen<T>);
        return found ? op(own, value as Widen<T>) : own;
      },
    });
  }

  /**
   * Folds all records with an aggregator: `add` in input order within a chunk, `merge` over the chunks as a balanced tree
   * in input order, then `finish` once in the parent. Of no records it gives what `zero` and `finish` give.
   *
   * With an object of aggregators it gives an object of their results, from one pass: `{ n: count, mean: mean('amount') }`. A field
   * that is named and that no record has is a `TaskError`, which says what it may be called; by key such a field is like null.
   *
   * @group Actions
   * @example
   * await from([4, 1, 7]).aggregate({ n: count, least: min, mean }).run(); // -> { least: 1, mean: 4, n: 3 }
   */
  aggregate<Row, A, R = A, Named = unknown>(
    this: Dataset<Row>,
    aggregator: Aggregator<NoInfer<Row>, A, R> | (Named & Aggregators<NoInfer<Row>>),
  ): Plan<Folded<Row, R, Named>> {
    return this.#aggregate('aggregate', withFieldsThere(byName('aggregate', aggregator)));
  }

  #aggregate<A, R>(verb: 'aggregate' | 'top', aggregator: Aggregator<T, A, unknown>): Plan<R> {
    const fn = referAggregator(verb, aggregator);
    const finish = (value: unknown): unknown => (aggregator.finish ? aggregator.finish(value as A) : value);
    return this.#plan({
      sink: { kind: 'aggregate', verb, fn },
      finish: ({ value, found }) => finish(found ? value : aggregator.zero()),
    });
  }

  /**
   * The number of records.
   *
   * @group Actions
   * @example
   * await textLines('books/*.txt').count().run(); // -> 4
   */
  count(): Plan<number> {
    return this.#plan({ sink: { kind: 'count' }, finish: ({ value, found }) => (found ? value : 0) });
  }

  /**
   * Calls `fn` in the parent with every record, in order; a promise that it returns is awaited before the next call. What
   * it throws rejects the run as it is.
   *
   * @group Actions
   * @example
   * const seen: number[] = [];
   * await range(3).forEach((n) => seen.push(n)).run();
   * seen; // -> [ 0, 1, 2 ]
   */
  forEach(fn: (record: T) => unknown): Plan<void> {
    checkArgument('forEach', fn, aFunction);
    const gather = (): Gathering => ({ add: fn, value: undefined });
    return this.#plan({ sink: { kind: 'collect' }, gather, callsBack: true, finish: ({ value }) => value });
  }

  /**
   * The first record, `undefined` if there is none. Stops as soon as it has it, so the source may be endless.
   *
   * @group Actions
   * @example
   * await textLines('books/*.txt').first().run(); // -> 'Down the Rabbit-Hole'
   */
  first(): Plan<T | undefined> {
    return this.#plan({ sink: { kind: 'collect', limit: 1 }, finish: ({ value }) => (value as T[])[0] });
  }

  /**
   * The first `n` records, fewer if there are fewer. Stops as soon as it has them, so the source may be endless, and what
   * fails in a chunk behind them does not matter.
   *
   * @throws OptionError unless `n` is an integer of at least 0.
   * @group Actions
   * @example
   * await range(1e9).filter((n) => n % 7 === 0).take(3).run(); // -> [ 0, 7, 14 ]
   */
  take(n: number): Plan<T[]> {
    checkArgument('n', n, aCount);
    return this.#plan({ sink: { kind: 'collect', limit: n }, finish: ({ value }) => value });
  }

  /**
   * The `n` records for which `by` is largest, largest first; equal ones in input order. Which rank is larger, and what
   * may be one, says `topN`. At most 2n + 1000 records are held a chunk, so it is much cheaper than a sort.
   *
   * @throws OptionError unless `n` is an integer of at least 1.
   * @group Actions
   * @example
   * await from(['to', 'question', 'that']).top(2, (word) => word.length).run(); // -> [ 'question', 'that' ]
   */
  top(n: number, by: (record: T) => Rank): Plan<T[]> {
    checkArgument('n', n, positiveInteger);
    checkKey('top', 'top(10, (record) => record.price)', by);
    return this.#aggregate('top', topN(n, by));
  }

  /**
   * Writes one record a line, UTF-8 and LF, into numbered parts in a directory that must not exist yet; sorted by
   * name, the parts hold the records in order. The children write them next to the directory; once all are complete
   * and on the disk, one rename makes it appear, `_SUCCESS` included. A run that fails or is aborted leaves nothing.
   *
   * Each record reads back as it was; what would not is refused.
   *
   * @throws OptionError for a directory that exists, unless `overwrite`; TaskError for a record with a line feed, a carriage
   *   return at its end, a byte order mark at its beginning or a lone surrogate; SourceError for a disk that is full or fails.
   * @group Actions
   * @example
   * const { records, bytes } = await from(['to be', 'or not']).writeText('lines').run();
   * [records, bytes]; // -> [ 2, 13 ]
   */
  writeText(
    this: Dataset<string | number | bigint | boolean>,
    directory: string,
    options: WriteOptions<T> = {},
  ): Plan<WrittenFiles> {
    return written(writeAction(this[NODE], textFormat, directory, options));
  }

  /**
   * As `writeText`, each record as JSON. TaskError for what JSON would drop or change, such as undefined, NaN, a bigint, a Date or
   * a Map.
   *
   * @group Actions
   * @example
   * await from([{ n: 1 }, { n: 2 }]).writeJsonLines('numbers').run();
   * await jsonLines('numbers/*.jsonl').toArray().run(); // -> [ { n: 1 }, { n: 2 } ]
   */
  writeJsonLines(directory: string, options: WriteOptions<T> = {}): Plan<WrittenFiles> {
    return written(writeAction(this[NODE], jsonLinesFormat, directory, options));
  }

  /**
   * As `writeText`, each record as a row of CSV that `csv` reads back as it was: an object, or an array where `columns` names its
   * values. Texts, numbers, bigints, booleans and Dates (ISO 8601, UTC); null and undefined are an empty field, an empty text is
   * `""`. What has a line end is quoted, and read back with `multiline: true`.
   *
   * @throws OptionError as `writeText` does; TaskError for other values, and for a key that no column has.
   * @group Actions
   * @example
   * const rows = from([{ country: 'de', n: 12 }, { country: 'fr', n: 20 }]);
   * await rows.writeCsv('by-country', { columns: ['country', 'n'] }).run();
   * await textLines('by-country/*.csv').first().run(); // -> 'country,n'
   * await rows.writeCsv('parts', { partitionBy: 'country' }).run();
   * await textLines('parts/country=fr/*.csv').toArray().run(); // -> [ 'n', '20' ]
   */
  writeCsv(directory: string, options: WriteCsvOptions<T> = {}): Plan<WrittenFiles> {
    return written(writeCsvAction(this[NODE], directory, options));
  }

  /**
   * Runs the dataset and yields its records, in order unless `ordered: false`. It begins with the first `next`. The source
   * is pulled at most `bufferSize` tasks ahead of the consumer, so memory stays bounded. To `break`, or to `return` or
   * `throw` early, closes the source and stops the children, at once: also while `next` waits, which then is done. Node's
   * `pipeline` takes it as a stream of objects, and ends it as any other. It rejects as `Plan.run` does, at the point where
   * the failure is met.
   *
   * @throws OptionError at the call, for a wrong option.
   * @group Actions
   * @example
   * const squares: number[] = [];
   * for await (const square of range(3).map((n) => n * n).stream({ processes: 2 })) squares.push(square);
   * squares; // -> [ 0, 1, 4 ]
   */
  stream(options: RunOptions = {}): AsyncGenerator<T, void, undefined> {
    // A child neither starts nor checks what its module streams: that would cost it zod.
    if (!isParkedHere()) checkOptions(options);
    return recordStream<T>(this[NODE], options);
  }

  #joined<R>(
    verb: string,
    other: unknown,
    keep: { readonly keepLeft: boolean; readonly keepRight: boolean },
  ): Dataset<R> {
    const group = { kind: 'group', verb, tags: 2 } as const;
    return this.#shuffle(group, [nodeOf(verb, other)]).#narrow({ verb: 'join.pairs', ...keep });
  }

  #narrow<R>(op: Op<PlanFunction>): Dataset<R> {
    return new Dataset({ kind: 'narrow', input: this[NODE], op });
  }

  #shuffle<R>(shuffle: Shuffle<PlanFunction>, others: readonly Node[] = []): Dataset<R> {
    return new Dataset({ kind: 'shuffle', inputs: [this[NODE], ...others], shuffle });
  }

  #plan<R>(action: Action): Plan<R> {
    const { node, sink } = withoutLimits(this[NODE], action.sink);
    return new Plan({ node, action: { ...action, sink } });
  }
}

/** Records by key, as `groupBy` has put them, to be aggregated. It gives datasets, and these give it: so it stands here. */
export class Grouped<K, T> {
  /** @internal Carries the type of the records; never set. */
  declare readonly records?: T;
  /** @internal */
  readonly #pairs: Dataset<readonly [unknown, unknown]>;

  /** @internal */
  constructor(pairs: Dataset<readonly [unknown, unknown]>) {
    this.#pairs = pairs;
  }

  /**
   * Folds the records of each key with an aggregator, or with several by name: pairs of a key and the result.
   *
   * @example
   * const rows = from([{ country: 'de', n: 12 }, { country: 'fr', n: 20 }, { country: 'de', n: 1 }]);
   * await rows.groupBy('country').aggregate(sum('n')).toMap().run(); // -> Map(2) { 'de' => 13, 'fr' => 20 }
   */
  aggregate<Row, A, R = A, Named = unknown>(
    this: Grouped<K, Row>,
    aggregator: Aggregator<NoInfer<Row>, A, R> | (Named & Aggregators<NoInfer<Row>>),
  ): Dataset<[K, Folded<Row, R, Named>]> {
    return this.#pairs.aggregateByKey(aggregator as Aggregator<unknown, A, R>) as Dataset<[K, never]>;
  }
}

/** What `limit` was called on, by what it has made of it. */
const limits = new WeakMap<Node, { readonly input: Node; readonly n: number }>();

/** Where records are only collected, a limit right before is one of the collecting, which ends early. */
function withoutLimits(
  given: Node,
  action: Action['sink'],
): { readonly node: Node; readonly sink: Action['sink'] } {
  let [node, sink] = [given, action];
  for (
    let limit = limits.get(node);
    limit !== undefined && sink.kind === 'collect';
    limit = limits.get(node)
  ) {
    sink = { ...sink, limit: Math.min(limit.n, sink.limit ?? Infinity) };
    node = limit.input;
  }
  return { node, sink };
}

function written({ node, action }: Writing): Plan<WrittenFiles> {
  return new Plan({ node, action });
}

/** What a dataset describes. */
export function nodeIn(dataset: Dataset<unknown>): Node {
  return dataset[NODE];
}

/** A dataset of a source, whose chunks the children read with what `reader` leads to: see `ChunkReader`. */
export function sourceDataset<T>(source: Source, reader: ModuleRef): Dataset<T> {
  return new Dataset({ kind: 'source', source, reader: referModule(source.name, reader) });
}

// A bundler calls a class that names itself by another name, which errors and `console.log` would show.
Object.defineProperty(Dataset, 'name', { value: 'Dataset' });
Object.defineProperty(Dataset.prototype, inspect.custom, {
  value(this: Dataset<unknown>) {
    return `Dataset { ${nodeInOneLine(this[NODE])} }`;
  },
});

const DATASET = brand('dataset');
Object.defineProperty(Dataset.prototype, DATASET, { value: version });

/** Whether a value is a dataset of this version, from any of its copies. @throws OptionError for one of another version. */
export function isDataset(value: unknown): value is Dataset<unknown> {
  if (value instanceof Dataset) return true;
  const of =
    typeof value === 'object' && value !== null ? (value as Record<symbol, unknown>)[DATASET] : undefined;
  if (of !== undefined && of !== version) throw otherVersion('dataset', of);
  return of !== undefined;
}

function nodeOf(verb: string, other: unknown): Node {
  if (isDataset(other)) return other[NODE];
  throw wrongArgument(verb, 'given datasets, such as from([...])', other);
}
