import { expect, test } from '@jest/globals';
import { parametersOf } from '../src/parameters.js';

const a = (name: string | undefined, hasDefault = false): unknown => ({ name, hasDefault });
const f = (...args: unknown[]): unknown[] => args;

test.each<[string, (...args: never[]) => unknown, unknown[]]>([
  ['none', () => 0, []],
  ['an arrow function', (lines: never, least = 1) => [lines, least], [a('lines'), a('least', true)]],
  ['brackets in a default', (b = f(1, '),'), c = [1, 2 + 3]) => [b, c], [a('b', true), a('c', true)]],
  ['comments', (b: never /* , c, */, /* ) */ d: never) => [b, d], [a('b'), a('d')]],
  [
    'a pattern',
    (b: never, { c, d = 1 }: { c?: never; d?: number } = {}) => [b, c, d],
    [a('b'), a(undefined, true)],
  ],
  [
    'a function with a name',
    async function named(b: never, c: never) {
      return f(b, c);
    },
    [a('b'), a('c')],
  ],
  ['an arrow as a default', (b: never, g = (x: never) => x) => [b, g], [a('b'), a('g', true)]],
  // prettier-ignore
  ['a parameter without brackets', lines => lines, [a('lines')]],
  ['the rest', (b: never, ...rest: never[]) => [b, rest], [a('b'), a('rest', true)]],
])('the parameters of a function are told by its text: %s', (_, fn, expected) => {
  expect(parametersOf(fn)).toEqual(expected);
});
