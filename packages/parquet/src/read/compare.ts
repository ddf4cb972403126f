import { types as nodeTypes } from 'node:util';
import type { FilterValue } from '../parquet-options.js';
import type { Condition, Conditions } from './format.js';

/** A value as filters compare it: a date is its time, everything else itself. */
export type Comparable = string | number | bigint | boolean;

export function comparableOf(value: FilterValue): Comparable {
  return nodeTypes.isDate(value) ? value.getTime() : value;
}

/** -1, 0 or 1; NaN has no place, and gives undefined. */
export function order(a: Comparable, b: Comparable): -1 | 0 | 1 | undefined {
  if (a < b) return -1;
  if (a > b) return 1;
  // An integer may be a number or a bigint; values of unlike types were refused.
  return a >= b ? 0 : undefined;
}

/** Tells for values of a column, which may be null, whether a condition holds. */
function testOf({ operator, values }: Condition): (value: Comparable | null | undefined) => boolean {
  const wantsNull = values.includes(null);
  const others = values.filter((value) => value !== null).map(comparableOf);
  const [first] = others;
  const isOneOf = (value: Comparable): boolean => others.some((other) => order(value, other) === 0);
  const holds = ((): ((value: Comparable) => boolean) => {
    switch (operator) {
      case 'eq':
      case 'in':
        return isOneOf;
      case 'ne':
      case 'notIn':
        return (value) => !isOneOf(value);
      case 'gt':
        return (value) => value > first!;
      case 'gte':
        return (value) => value >= first!;
      case 'lt':
        return (value) => value < first!;
      case 'lte':
        return (value) => value <= first!;
    }
  })();
  const ofNull = wantsNull && (operator === 'eq' || operator === 'in');
  return (value) => (value === null || value === undefined ? ofNull : holds(value));
}

/**
 * The rows for which the filter holds, by their indexes, in order; undefined where there is no filter.
 *
 * @param column The values of a column.
 */
export function rowsThatHold(
  filter: readonly Conditions[],
  rows: number,
  column: (name: string) => ArrayLike<unknown>,
): Uint32Array | undefined {
  if (filter.length === 0) return undefined;
  const tests = filter.map((conditions) =>
    conditions.map((condition) => ({ values: column(condition.column), test: testOf(condition) })),
  );
  const found = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    const holds = tests.some((all) => all.every(({ values, test }) => test(values[row] as Comparable)));
    if (holds) found[count++] = row;
  }
  return found.subarray(0, count);
}
