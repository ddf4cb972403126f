import type { Aggregator } from '../fold/aggregator.js';
import type { Aggregators, Folded } from '../fold/by-name.js';
import type { Dataset } from './dataset.js';

/** Records by key, as `groupBy` has put them, to be aggregated. */
export class Grouped<K, T> {
  /** @internal Carries the type of the records; never set. */
  declare readonly records?: T;
  /** @internal */
  readonly #pairs: Dataset<readonly [unknown, unknown]>;

  /** @internal */
  constructor(pairs: Dataset<readonly [unknown, unknown]>) {
    this.#pairs = pairs;
  }

  /** Folds the records of each key with an aggregator, or with several by name: pairs of a key and the result. */
  aggregate<Row, A, R = A, Named = unknown>(
    this: Grouped<K, Row>,
    aggregator: Aggregator<NoInfer<Row>, A, R> | (Named & Aggregators<NoInfer<Row>>),
  ): Dataset<[K, Folded<Row, R, Named>]> {
    return this.#pairs.aggregateByKey(aggregator as Aggregator<unknown, A, R>) as Dataset<[K, never]>;
  }
}
