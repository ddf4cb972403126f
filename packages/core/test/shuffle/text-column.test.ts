import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextColumn, textsOfBlock } from '../../src/shuffle/sort/text-column.js';
import { decode, encode } from '../../src/values/codec.js';
import type { TextBlock } from '../../src/shuffle/sort/text-column.js';
import { anyCharacter } from '../values/any-character.js';
import { alikeText } from './sortable-keys.js';

const anyText = fc.oneof(
  alikeText,
  fc.string({ unit: anyCharacter }),
  fc.string({ minLength: 250, maxLength: 270 }),
);

function rowsOf({ count }: TextColumn): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

function textsOf(column: TextColumn): string[] {
  return column.texts(rowsOf(column), 0, column.count);
}

describe('TextColumn', () => {
  it('gives back its texts: one, some in another order, and as a block that has crossed', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 1 })), fc.nat(), fc.nat(), (lists, a, b) => {
        const column = new TextColumn();
        for (const texts of lists) column.addTexts(texts);
        const texts = lists.flat();
        expect(Array.from({ length: column.count }, (_, row) => column.textAt(row))).toEqual(texts);
        const order = rowsOf(column).reverse();
        const [from, to] = [a % (texts.length + 1), b % (texts.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const reversed = [...texts].reverse();
        expect(column.texts(order, from, to)).toEqual(reversed.slice(from, to));
        const block = decode(encode(column.block(order, from, to), 'block')) as TextBlock;
        const again = new TextColumn();
        again.append(textsOfBlock(block), 0, to - from);
        expect(textsOf(again)).toEqual(reversed.slice(from, to));
      }),
      { numRuns: 500 },
    );
  });

  it('takes over a part of another column, narrow or wide', () => {
    fc.assert(
      fc.property(fc.array(anyText), fc.array(anyText), fc.nat(), fc.nat(), (own, given, a, b) => {
        const [column, other] = [new TextColumn(), new TextColumn()];
        for (const text of own) column.addTexts([text]);
        for (const text of given) other.addTexts([text]);
        const [from, to] = [a % (given.length + 1), b % (given.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        column.append(other, from, to);
        column.addTexts(['end']);
        expect(textsOf(column)).toEqual([...own, ...given.slice(from, to), 'end']);
      }),
      { numRuns: 500 },
    );
  });

  it('has a byte a unit until a text needs two, and again once it is cleared', () => {
    const column = new TextColumn();
    column.addTexts(['caf\xe9', '']);
    expect(column.size).toBe(4);
    expect(column.block(rowsOf(column), 0, 2).units).toEqual(Uint8Array.of(99, 97, 102, 0xe9));
    column.addTexts(['\u0100']);
    expect(column.size).toBe(10);
    expect([column.sizeOf(0), column.sizeOf(1), column.sizeOf(2)]).toEqual([8, 0, 2]);
    expect(column.block(rowsOf(column), 1, 3).units).toEqual(Uint16Array.of(0x100));
    column.clear();
    column.addTexts(['ab']);
    expect(column.size).toBe(2);
    expect(textsOf(column)).toEqual(['ab']);
  });

  it.each([
    [255, Uint8Array],
    [256, Uint16Array],
    [65_536, Uint32Array],
  ])('says lengths up to %d in as few bytes as they need', (length, Lengths) => {
    const column = new TextColumn();
    column.addTexts(['', 'x'.repeat(length)]);
    const { lengths } = column.block(rowsOf(column), 0, 2);
    expect(lengths).toEqual(Lengths.of(0, length));
  });

  it('stores what a string holds, not the string that it is a part of, wide or not', () => {
    const column = new TextColumn();
    // A part of a wide string is stored by V8 with two bytes a unit, whatever it holds.
    column.addTexts(['\u4e2d and what follows it is narrow'.slice(1)]);
    expect(column.size).toBe(30);
    expect(textsOf(column)).toEqual([' and what follows it is narrow']);
  });
});
