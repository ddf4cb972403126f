import { checkArgument, type Rule } from '../checks/check-arguments.js';
import { aNumber } from './a-number.js';
import type { Aggregator } from './aggregator.js';
import { ofField, withNulls, type FieldOf, type Nothing, type WithField } from './by-field.js';
import { readyMade } from './ready-made.js';

const ascending: Rule = [
  'an array of numbers, each larger than the one before',
  (given) =>
    Array.isArray(given) &&
    given.every(
      (edge, i) => typeof edge === 'number' && (i === 0 ? !Number.isNaN(edge) : edge > given[i - 1]),
    ),
];

/**
 * How many numbers fall in `[edges[i], edges[i + 1])`, one count for each two neighbouring edges. Numbers outside all of
 * them, and NaN, are not counted; null is skipped.
 *
 * @param edges Ascending; one more than there are counts.
 * @throws OptionError for other edges.
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(histogram('age', [0, 18, 65, Infinity])).run(); // -> [ 1, 1, 1 ]
 */
export function histogram(edges: readonly number[]): Aggregator<number | null, number[]>;
export function histogram<K extends string>(
  field: K,
  edges: readonly number[],
): Aggregator<WithField<K, number>, number[]>;
export function histogram<T>(
  value: (record: T) => number | Nothing,
  edges: readonly number[],
): Aggregator<T, number[]>;
export function histogram(...given: readonly unknown[]): Aggregator<never, number[]> {
  const edges = given[given.length === 1 ? 0 : 1] as readonly number[];
  checkArgument('edges', edges, ascending);
  const bins = counting(edges);
  const aggregator = given.length === 1 ? withNulls(bins) : ofField(bins, given[0] as FieldOf<never, number>);
  return readyMade('histogram', aggregator, given);
}

function counting(edges: readonly number[]): Aggregator<number, number[]> {
  return {
    zero: () => new Array<number>(Math.max(0, edges.length - 1)).fill(0),
    add(bins, value) {
      const number = aNumber('histogram', value);
      const bin = edges.findLastIndex((edge) => edge <= number);
      if (bin >= 0 && bin < bins.length) bins[bin]! += 1;
      return bins;
    },
    merge: (left, right) => left.map((value, i) => value + right[i]!),
  };
}
