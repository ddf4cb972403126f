import { checkArgument, type Rule } from '../checks/check-arguments.js';
import type { Aggregator } from './aggregator.js';
import { ofField, withNulls, type FieldOf, type Nothing, type WithField } from './by-field.js';
import { readyMade } from './ready-made.js';
import { sketching, type Sketch } from './sketch.js';

/** How `quantile` counts. */
export interface QuantileOptions {
  /** The largest relative error of a quantile of many numbers, between 0 and 1. @default 0.005 */
  readonly error?: number;
}

const aProbability: Rule = ['a number from 0 to 1', (p) => typeof p === 'number' && p >= 0 && p <= 1];
const anError: Rule = ['a number above 0 and below 1', (e) => typeof e === 'number' && e > 0 && e < 1];

/**
 * The value below which a part `p` of the numbers lies: 0.5 is the median. Between two numbers it is interpolated, as by
 * `quantile_cont` of SQL. Exact for up to 1000 numbers; of more each number is known within a relative error of 0.5 %, or
 * `error`, in memory that depends on their range alone (DDSketch, by Masson, Rim and Lee, 2019). The same bits for any number of
 * processes. NaN of nothing; NaN ranks above all numbers; null is skipped.
 *
 * @throws OptionError for a part outside of 0 to 1.
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate({ median: quantile('age', 0.5), p95: quantile('age', 0.95) }).run(); // -> { median: 31, p95: 66.1 }
 */
export function quantile(p: number, options?: QuantileOptions): Aggregator<number | null, Sketch, number>;
export function quantile<K extends string>(
  field: K,
  p: number,
  options?: QuantileOptions,
): Aggregator<WithField<K, number>, Sketch, number>;
export function quantile<T>(
  value: (record: T) => number | Nothing,
  p: number,
  options?: QuantileOptions,
): Aggregator<T, Sketch, number>;
export function quantile(...given: readonly unknown[]): Aggregator<never, Sketch, number> {
  const [of, rest] = typeof given[0] === 'number' ? [undefined, given] : [given[0], given.slice(1)];
  const [p, { error = 0.005 } = {}] = rest as [number, QuantileOptions?];
  checkArgument('p', p, aProbability);
  checkArgument('error', error, anError);
  const sketched = sketching(p, Math.log((1 + error) / (1 - error)));
  const aggregator = of === undefined ? withNulls(sketched) : ofField(sketched, of as FieldOf<never, number>);
  return readyMade('quantile', aggregator, given);
}
