import { types } from 'node:util';
import { BadKey } from './bad-key.js';
import { isPlain } from '../../values/is-plain.js';
import { describeInstance, isSubclassed, MAX_KEY_DEPTH } from './key.js';

const ALLOWED =
  'a sort key may be a string, number, bigint, boolean, null, undefined or Date, or an array of these';

/** Negative if `left` comes before `right`, positive if after, 0 if neither. */
export type CompareKeys = (left: unknown, right: unknown) => number;

/**
 * The order of sort keys. Keys of one type: numbers by value with NaN last, strings by UTF-16 code units, dates by
 * time with invalid ones last, false before true, arrays element by element and a prefix first. Keys of several
 * types: booleans, numbers, bigints, strings, dates, arrays, null, undefined.
 */
export function compareKeys(left: unknown, right: unknown): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'number' && typeof right === 'number') return compareNumbers(left, right);
  const rank = rankOf(left);
  const difference = rank - rankOf(right);
  if (difference !== 0) return difference;
  if (rank === RANK_OF_DATE) return compareNumbers((left as Date).getTime(), (right as Date).getTime());
  if (rank === RANK_OF_ARRAY) return compareArrays(left as unknown[], right as unknown[]);
  return (left as bigint) < (right as bigint) ? -1 : (left as bigint) > (right as bigint) ? 1 : 0;
}

/** `compareKeys`, or its reverse. */
export function comparator(descending: boolean): CompareKeys {
  return descending ? (left, right) => compareKeys(right, left) : compareKeys;
}

/**
 * The key to sort by: the given one, or for an array or a Date a copy, so that later changes do no harm.
 *
 * @throws BadKey for a key that has no order, naming its path.
 */
export function sortKey(key: unknown): unknown {
  return copyPart(key, 'key', 0);
}

function copyPart(part: unknown, path: string, depth: number): unknown {
  switch (typeof part) {
    case 'function':
    case 'symbol':
      throw new BadKey(path, `is a ${typeof part}`, ALLOWED);
    case 'object':
      if (part === null) return part;
      if (types.isDate(part) && !isSubclassed(part)) return new Date(part.getTime());
      if (!Array.isArray(part) || isSubclassed(part)) {
        const what = isPlain(part) ? 'an object' : describeInstance(part);
        throw new BadKey(path, `is ${what}, which has no order`, ALLOWED);
      }
      if (depth === MAX_KEY_DEPTH) {
        throw new BadKey(
          'key',
          `is nested more than ${MAX_KEY_DEPTH} levels deep, or refers to itself`,
          ALLOWED,
        );
      }
      return Array.from(part as unknown[], (element, i) => copyPart(element, `${path}[${i}]`, depth + 1));
    default:
      return part;
  }
}

const RANK_OF_DATE = 4;
const RANK_OF_ARRAY = 5;

function rankOf(key: unknown): number {
  switch (typeof key) {
    case 'boolean':
      return 0;
    case 'number':
      return 1;
    case 'bigint':
      return 2;
    case 'string':
      return 3;
    case 'undefined':
      return 7;
    default:
      return key === null ? 6 : Array.isArray(key) ? RANK_OF_ARRAY : RANK_OF_DATE;
  }
}

function compareNumbers(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === right) return 0;
  return Number(left !== left) - Number(right !== right);
}

function compareArrays(left: readonly unknown[], right: readonly unknown[]): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const order = compareKeys(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
