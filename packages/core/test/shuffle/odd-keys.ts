import { types } from 'node:util';
import fc from 'fast-check';
import { anyCharacter } from '../values/any-character.js';

const { isDate } = types;

const primitive = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '__proto__',
    'constructor',
    '\ud800',
    '\udc00\ud800',
    'é',
    'e\u0301',
    '1',
    'NaN',
    'a',
  ),
  fc.constantFrom<unknown>(0, -0, 1, NaN, Infinity, -Infinity, 0.1, 2 ** 31, 2 ** 53, 5e-324),
  fc.constantFrom<unknown>(1n, 0n, -1n, 2n ** 70n, true, false, null, undefined),
  fc.string({ unit: anyCharacter, maxLength: 3 }),
  fc.integer({ min: -20, max: 20 }),
  fc.constantFrom(0, 1, NaN, 8.64e15).map((time) => new Date(time)),
);

/** Keys of every allowed kind, likely to meet an equal one and one that is nearly equal. */
export const oddKey: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  key: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    primitive,
    fc.array(tie('key'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', ''), tie('key'), { maxKeys: 2 }),
  ),
})).key;

/** Equality of keys, written down plainly: an oracle that knows nothing of canonical texts or hashes. */
export function sameKey(left: unknown, right: unknown): boolean {
  // SameValueZero, as in Array.prototype.includes.
  if ([left].includes(right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isDate(left) || isDate(right))
    return isDate(left) && isDate(right) && sameKey(left.getTime(), right.getTime());
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) =>
        Object.hasOwn(right, name) && sameKey(left[name as keyof object], right[name as keyof object]),
    )
  );
}

/** The position of an equal key among `keys`, or -1. */
export function findKey(keys: readonly unknown[], key: unknown): number {
  return keys.findIndex((other) => sameKey(other, key));
}
