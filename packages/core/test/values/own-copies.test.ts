import { expect, it } from '@jest/globals';
import { decode, encode } from '../../src/values/codec.js';
import { OwnCopies } from '../../src/values/own-copies.js';
import { expectSame } from './expect-same.js';

const shared = { n: 1 };
const cycle: { self?: unknown } = {};
cycle.self = cycle;
const named = Object.defineProperty({}, '__proto__', { value: { a: 1 }, enumerable: true });
const numbered = Object.assign([1, 2], { extra: 3 });

const values: readonly [string, unknown][] = [
  ['a text', 'text'],
  ['null', null],
  ['a plain object', { a: 1, b: { c: [1, { d: -0 }], at: new Date(7) }, e: undefined }],
  ['an array', [[], [NaN], [{ a: 1n }]]],
  ['a sparse array', [1, , 3]], // eslint-disable-line no-sparse-arrays
  ['an array with a name', numbered],
  ['a Map of a Set', new Map([['a', new Set([1])]])],
  ['a typed array', new Float64Array([1, 2])],
  ['an object that is there twice', { one: shared, other: shared }],
  ['a cycle', cycle],
  ['an error', new RangeError('no')],
  ['an own __proto__', named],
];

it.each(values)('gives equal copies of %s, none of which has anything in common', (_, given) => {
  const value = decode(encode([given], 'value')) as [unknown];
  const copies = new OwnCopies();
  copies.keep(value[0]);
  const [one, other] = [copies.of(value[0]), copies.of(value[0])];
  expectSame(one, value[0]);
  expectSame(other, value[0]);
  const parts = objectsIn(value[0]);
  expect([...objectsIn(one)].filter((part) => parts.has(part) || objectsIn(other).has(part))).toEqual([]);
  // What is one object twice in a value is one in its copy.
  expect(objectsIn(one).size).toBe(parts.size);
});

/** All objects that a value is made of. */
function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  const kind = Object.prototype.toString.call(value);
  if (kind === '[object Map]' || kind === '[object Set]') {
    for (const part of value as Iterable<unknown>) objectsIn(part, found);
  } else for (const name of Object.keys(value)) objectsIn(value[name as never], found);
  return found;
}
