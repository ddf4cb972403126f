import fc from 'fast-check';
import { anyCharacter } from '../values/any-character.js';

/** One key of every type and oddity, in the documented order; equal ones side by side. */
export const inOrder: unknown[][] = [
  [false],
  [true],
  [-Infinity],
  [-1],
  [-0, 0],
  [5e-324],
  [1],
  [2 ** 53],
  [Infinity],
  [NaN],
  [-(2n ** 70n)],
  [0n],
  [1n],
  [2n ** 70n],
  [''],
  ['1'],
  ['Z'],
  ['__proto__'],
  ['a'],
  ['a\u0000'],
  ['aa'],
  ['é'],
  ['\ud800'],
  ['\ud83d\ude00'],
  ['\uffff'],
  [new Date(-1)],
  [new Date(0)],
  [new Date(NaN)],
  [[]],
  [[1]],
  [[1, 'a']],
  [[1, 'b']],
  [[1, []]],
  [[2]],
  [['a']],
  [[null]],
  [[undefined]],
  [null],
  [undefined],
];

/** Keys of all types, many of them equal or alike. */
export const sortableKey = fc.oneof(
  fc.constantFrom(...inOrder.flat()),
  fc.integer({ min: -5, max: 5 }),
  fc.string({ unit: anyCharacter, maxLength: 2 }),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }),
);

/** Strings that begin alike, that end where others go on with U+0000, narrow and wide ones, lone surrogates. */
export const alikeText = fc
  .tuple(
    fc.constantFrom('', 'a', 'shared beginning ', 'shared beginning, wide: \u4e2d ', 'x'.repeat(300)),
    fc.array(fc.constantFrom('\0', 'a', 'b', '\xff', '\u0100', '\u0141', '\ud83d', '\ude00', '\uffff'), {
      maxLength: 9,
    }),
  )
  .map(([start, rest]) => start + rest.join(''));
