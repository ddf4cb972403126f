import { types } from 'node:util';
import { preview } from '../values/preview.js';

/**
 * A text that equal values have in common, and no others: as keys are compared, -0 equals 0, and 1 differs from `'1'` and `1n`.
 *
 * @throws TypeError for what is no text, number, bigint, boolean or Date.
 */
export function valueText(name: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `s${value}`;
    case 'number':
      return `n${value}`;
    case 'bigint':
      return `i${value}`;
    case 'boolean':
      return `b${value}`;
    default:
      if (types.isDate(value)) return `d${value.getTime()}`;
      throw new TypeError(
        `${name} takes texts, numbers, bigints, booleans and dates, got ${preview(value, 80)}: give it a function that makes one of them`,
      );
  }
}
