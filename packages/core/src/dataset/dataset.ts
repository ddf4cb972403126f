import { EmptyReduceError, OptionError } from '../errors.js';
import type { RunOptions } from '../options.js';
import type { Aggregator } from './aggregator.js';
import { topN } from './aggregators.js';
import { refer, referAggregator, type FunctionRef } from './function-ref.js';
import type { Node, Op, Shuffle } from './node.js';
import { isParked } from './parking.js';
import { Plan, type Action } from './plan.js';

/** The type that a literal belongs to, so that `(a, b) => a + b` may reduce values typed as `1`. */
export type Widen<V> = V extends number
  ? number
  : V extends bigint
    ? bigint
    : V extends boolean
      ? boolean
      : V;

type Pair<K, V> = readonly [K, V];

/** A lazy, immutable description of records: a source and the transformations on it. Nothing runs. */
export class Dataset<T> {
  /** @internal */
  readonly node: Node;
  declare readonly record?: T;

  constructor(node: Node) {
    this.node = node;
  }

  map<R>(fn: (record: T) => R): Dataset<R> {
    return this.#narrow({ verb: 'map', fn: refer('map', fn) });
  }

  filter<S extends T>(fn: (record: T) => record is S): Dataset<S>;
  filter(fn: (record: T) => unknown): Dataset<T>;
  filter(fn: (record: T) => unknown): Dataset<T> {
    return this.#narrow({ verb: 'filter', fn: refer('filter', fn) });
  }

  /** Maps a record to any number of records. */
  flatMap<R>(fn: (record: T) => Iterable<R>): Dataset<R> {
    return this.#narrow({ verb: 'flatMap', fn: refer('flatMap', fn) });
  }

  /** Maps the records of a chunk at once, as an iterable; `fn` is called once for each chunk. */
  mapPartitions<R>(fn: (records: Iterable<T>) => Iterable<R>): Dataset<R> {
    return this.#narrow({ verb: 'mapPartitions', fn: refer('mapPartitions', fn) });
  }

  /** Awaits `fn` for up to `concurrency` records of a chunk at a time (default 16); order is kept. */
  mapAsync<R>(
    fn: (record: T) => R | PromiseLike<R>,
    options: { concurrency?: number } = {},
  ): Dataset<Awaited<R>> {
    const concurrency = options.concurrency ?? 16;
    positive('concurrency', concurrency);
    return this.#narrow({ verb: 'mapAsync', fn: refer('mapAsync', fn), concurrency });
  }

  mapValues<K, V, R>(this: Dataset<Pair<K, V>>, fn: (value: V) => R): Dataset<[K, R]> {
    return this.#narrow({ verb: 'mapValues', fn: refer('mapValues', fn) });
  }

  keyBy<K>(fn: (record: T) => K): Dataset<[K, T]> {
    return this.#narrow({ verb: 'keyBy', fn: refer('keyBy', fn) });
  }

  /** About `fraction` of the records; which ones depends on `seed` and the chunk boundaries alone. */
  sample(fraction: number, seed = 0): Dataset<T> {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new OptionError(`Expected "fraction" to be from 0 to 1, got ${String(fraction)}`, 'fraction');
    }
    return this.#narrow({ verb: 'sample', fraction, seed });
  }

  /** The records of this dataset, then those of the others. */
  union<U = T>(...others: readonly Dataset<U>[]): Dataset<T | U> {
    return new Dataset({ kind: 'union', inputs: [this.node, ...others.map(({ node }) => node)] });
  }

  /** Folds the values of each key with an associative `op`, in input order. */
  reduceByKey<K, V>(
    this: Dataset<Pair<K, V>>,
    op: (a: Widen<V>, b: Widen<V>) => Widen<V>,
  ): Dataset<[K, Widen<V>]> {
    return this.#shuffle({ kind: 'reduce', verb: 'reduceByKey', fn: refer('reduceByKey', op) });
  }

  aggregateByKey<K, V, A, R = A>(
    this: Dataset<Pair<K, V>>,
    aggregator: Aggregator<V, A, R>,
  ): Dataset<[K, R]> {
    const fn = referAggregator('aggregateByKey', aggregator);
    return this.#shuffle({ kind: 'aggregate', verb: 'aggregateByKey', fn }).#narrow({ verb: 'finish', fn });
  }

  /** The values of each key in input order; valid while the next record has not been asked for. */
  groupByKey<K, V>(this: Dataset<Pair<K, V>>): Dataset<[K, Iterable<V>]> {
    return this.#shuffle({ kind: 'group', verb: 'groupByKey', tags: 1 });
  }

  countByKey<K>(this: Dataset<Pair<K, unknown>>): Dataset<[K, number]> {
    return this.#shuffle({ kind: 'count', verb: 'countByKey', key: 'pair' });
  }

  countByValue(): Dataset<[T, number]> {
    return this.#shuffle({ kind: 'count', verb: 'countByValue', key: 'record' });
  }

  /** The first record of each key (of each value where no key is given). */
  distinct(key?: (record: T) => unknown): Dataset<T> {
    const fn = key && { fn: refer('distinct', key) };
    return this.#shuffle({ kind: 'distinct', verb: 'distinct', ...fn }).#narrow({ verb: 'values' });
  }

  /**
   * Sorts by a key; stable. Strings compare by UTF-16 code units, numbers with NaN last, arrays item by item. The
   * records are sorted in the children, cut into ranges of keys and merged; what does not fit in memory is spilled.
   */
  sortBy(key: (record: T) => unknown, { descending = false }: { descending?: boolean } = {}): Dataset<T> {
    return this.#shuffle({ kind: 'sort', verb: 'sortBy', fn: refer('sortBy', key), descending });
  }

  /** The values of each key in both datasets. */
  cogroup<K, V, W>(
    this: Dataset<Pair<K, V>>,
    other: Dataset<Pair<K, W>>,
  ): Dataset<[K, [Iterable<V>, Iterable<W>]]> {
    return this.#shuffle({ kind: 'group', verb: 'cogroup', tags: 2 }, [other.node]);
  }

  join<K, V, W>(this: Dataset<Pair<K, V>>, other: Dataset<Pair<K, W>>): Dataset<[K, [V, W]]> {
    return this.cogroup(other).#narrow({ verb: 'join', keepLeft: false, keepRight: false });
  }

  leftJoin<K, V, W>(this: Dataset<Pair<K, V>>, other: Dataset<Pair<K, W>>): Dataset<[K, [V, W | undefined]]> {
    return this.cogroup(other).#narrow({ verb: 'join', keepLeft: true, keepRight: false });
  }

  fullJoin<K, V, W>(
    this: Dataset<Pair<K, V>>,
    other: Dataset<Pair<K, W>>,
  ): Dataset<[K, [V | undefined, W | undefined]]> {
    return this.cogroup(other).#narrow({ verb: 'join', keepLeft: true, keepRight: true });
  }

  toArray(): Plan<T[]> {
    return this.#plan({ sink: { kind: 'collect' }, finish: ({ records }) => records });
  }

  toMap<K, V>(this: Dataset<Pair<K, V>>): Plan<Map<K, V>> {
    return this.#plan({ sink: { kind: 'collect' }, finish: ({ records }) => new Map(records as [K, V][]) });
  }

  /**
   * Folds all records with an associative `op`, as a balanced tree in input order. `identity`, if given, is combined
   * once, on the left, and is the result for no records.
   *
   * @throws EmptyReduceError for no records and no identity.
   */
  reduce(op: (a: Widen<T>, b: Widen<T>) => Widen<T>, ...identity: [identity?: Widen<T>]): Plan<Widen<T>> {
    return this.#plan({
      sink: { kind: 'reduce', fn: refer('reduce', op) },
      finish: ({ value, found }) => {
        if (identity.length === 0) {
          if (!found) throw new EmptyReduceError();
          return value;
        }
        return found ? op(identity[0] as Widen<T>, value as Widen<T>) : identity[0];
      },
    });
  }

  aggregate<A, R = A>(aggregator: Aggregator<T, A, R>): Plan<R> {
    const fn = referAggregator('aggregate', aggregator);
    const finish = (value: unknown): unknown => (aggregator.finish ? aggregator.finish(value as A) : value);
    return this.#plan({
      sink: { kind: 'aggregate', verb: 'aggregate', fn },
      finish: ({ value, found }) => finish(found ? value : aggregator.zero()),
    });
  }

  count(): Plan<number> {
    return this.#plan({ sink: { kind: 'count' }, finish: ({ value, found }) => (found ? value : 0) });
  }

  /** Calls `fn` in the parent with every record, in input order; a promise it returns is awaited. */
  forEach(fn: (record: T) => unknown): Plan<void> {
    if (typeof fn !== 'function') throw new OptionError(`Expected forEach to be given a function`, 'forEach');
    return this.#plan({ sink: { kind: 'collect' }, each: fn, finish: () => undefined });
  }

  first(): Plan<T | undefined> {
    return this.#plan({ sink: { kind: 'collect', limit: 1 }, finish: ({ records }) => records[0] });
  }

  /** The first `n` records; stops as soon as it has them. */
  take(n: number): Plan<T[]> {
    if (!Number.isInteger(n) || n < 0)
      throw new OptionError(`Expected "n" to be an integer >= 0, got ${n}`, 'n');
    return this.#plan({ sink: { kind: 'collect', limit: n }, finish: ({ records }) => records });
  }

  /** The `n` records for which `by` is largest, largest first; equal ones in input order. */
  top(n: number, by: (record: T) => number | bigint | string): Plan<T[]> {
    positive('n', n);
    return this.aggregate<T[], T[]>(topN(n, by));
  }

  /** Runs the dataset and yields its records, in input order unless `ordered: false`, with back-pressure. */
  async *stream(options: RunOptions = {}): AsyncGenerator<T, void, undefined> {
    if (isParked()) await new Promise(() => undefined);
    const { streamRecords } = await import('../run/run.js');
    yield* streamRecords(this.node, { kind: 'collect' }, options) as AsyncGenerator<T, void, undefined>;
  }

  #narrow<R>(op: Op<FunctionRef>): Dataset<R> {
    return new Dataset({ kind: 'narrow', input: this.node, op });
  }

  #shuffle<R>(shuffle: Shuffle<FunctionRef>, others: readonly Node[] = []): Dataset<R> {
    return new Dataset({ kind: 'shuffle', inputs: [this.node, ...others], shuffle });
  }

  #plan<R>(action: Action): Plan<R> {
    return new Plan(this.node, action);
  }
}

function positive(option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new OptionError(
      `Expected "${option}" to be an integer of at least 1, got ${String(value)}`,
      option,
    );
  }
}
