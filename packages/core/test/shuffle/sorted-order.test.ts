import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sortedOrder } from '../../src/shuffle/sort/sorted-order.js';
import { TextColumn } from '../../src/shuffle/sort/text-column.js';
import { anyCharacter } from '../values/any-character.js';
import { alikeText } from './sortable-keys.js';

function columnOf(texts: readonly string[]): TextColumn {
  const column = new TextColumn();
  for (const text of texts) column.addTexts([text]);
  return column;
}

/** What a stable sort with a comparator makes of them. */
function expected(texts: readonly string[], descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  return texts
    .map((_, row) => row)
    .sort((a, b) => (texts[a]! < texts[b]! ? -sign : texts[a]! > texts[b]! ? sign : a - b));
}

function check(texts: readonly string[]): void {
  const column = columnOf(texts);
  for (const descending of [false, true]) {
    const order = sortedOrder(column, descending);
    const rows = expected(texts, descending);
    // Comparing arrays of so many numbers by the matcher takes longer than sorting them.
    if (Buffer.compare(Buffer.from(order.buffer), Buffer.from(Uint32Array.from(rows).buffer)) === 0) continue;
    expect(Array.from(order, (row) => [row, texts[row]])).toEqual(rows.map((row) => [row, texts[row]]));
  }
}

/** Numbers that look random and are the same in every run. */
function generator(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('sortedOrder', () => {
  it('is what a stable sort with a comparator gives', () => {
    fc.assert(
      fc.property(fc.array(alikeText, { maxLength: 200, size: 'max' }), (texts) => check(texts)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: anyCharacter, maxLength: 12 }), { maxLength: 100, size: 'max' }),
        (texts) => check(texts),
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, (i: number, random: (below: number) => number) => string]>([
    [
      'random letters',
      (_, random) =>
        random(2 ** 30)
          .toString(36)
          .repeat(1 + random(3)),
    ],
    ['texts that end with U+0000', (_, random) => 'ab\0\0\0\0\0\0\0\0\0\0'.slice(0, random(13))],
    ['few different texts', (_, random) => `value ${random(3)}`],
    ['one text only', () => 'the same'],
    ['empty texts', () => ''],
    ['sorted texts', (i) => String(i).padStart(9, '0')],
    ['texts in reverse', (i) => String(1e6 - i).padStart(9, '0')],
    [
      'wide texts',
      (_, random) => String.fromCharCode(0x4e00 + random(300), 0x4e00 + random(4), random(600), random(600)),
    ],
    [
      'a few wide ones among others',
      (_, random) => (random(50) === 0 ? `“${random(99)}”` : `'${random(999)}'`),
    ],
    [
      'wide units behind a long narrow beginning',
      (_, random) => `${'n'.repeat(7)}${random(3)}${String.fromCharCode(250 + random(9), random(300))}`,
    ],
    [
      'two families with long beginnings',
      (i, random) => `${(i % 2 ? 'left' : 'right').repeat(50)}${random(1000)}`,
    ],
    ['texts that are each the beginning of the next', (i) => 'z'.repeat(i % 400)],
    ['the same in reverse', (i) => 'z'.repeat(399 - (i % 400))],
  ])('sorts many: %s', (_, textOf) => {
    const random = generator();
    check(Array.from({ length: 20_000 }, (_, i) => textOf(i, random)));
  });

  it('needs no stack for a text that is long', () => {
    // At every fifth unit one text of 21 goes another way, so groups would be nested 20,000 deep.
    const long = 'abcde'.repeat(20_000);
    const texts = Array.from({ length: 60 }, (_, i) => long.slice(0, 1600 * i + (i % 5)));
    check([...texts, ...texts.map((text) => `${text}!`)]);
    const alike = Array.from({ length: 2000 }, (_, i) => `${long.slice(0, 5 * i)}~`);
    check(alike);
  });

  it('says that it cannot sort more texts than a word has numbers for', () => {
    const column = { count: 2 ** 24 + 1 } as TextColumn;
    expect(() => sortedOrder(column, false)).toThrow(RangeError);
  });
});
