import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadKey } from '../../src/shuffle/keys/bad-key.js';
import { KeyIndex } from '../../src/shuffle/keys/key-index.js';
import { sideTable } from '../../src/shuffle/keys/side-table.js';
import { encode } from '../../src/values/codec.js';
import { oddKey, sameKey } from './odd-keys.js';

const pairs = fc.array(fc.tuple(oddKey, fc.integer()), { maxLength: 20 });
const inBlocks = (all: readonly unknown[], size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    encode(all.slice(i * size, (i + 1) * size), 'input'),
  );

describe('the table of a short side', () => {
  it('has the values of equal keys in their order, and none for others', () => {
    fc.assert(
      fc.property(pairs, fc.array(oddKey), fc.integer({ min: 1, max: 9 }), (side, sought, size) => {
        const table = sideTable(inBlocks(side, size));
        for (const key of [...sought, ...side.map(([key]) => key)]) {
          const values = side.filter(([other]) => sameKey(other, key)).map(([, value]) => value);
          expect(table.valuesOf(key)).toEqual(values.length === 0 ? undefined : values);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses keys that cannot be compared, its own and those that are sought', () => {
    const side: [unknown, number][] = [
      ['a', 1],
      [[1], 2],
    ];
    const table = sideTable(inBlocks(side, 2));
    for (const key of [new Map(), Symbol('s'), () => 1, [new URL('http://a.b')]]) {
      expect(() => table.valuesOf(key)).toThrow(BadKey);
    }
    expect(table.valuesOf([1])).toEqual([2]);
    expect(() => sideTable(inBlocks([[new Map(), 1]], 1))).toThrow(BadKey);
  });

  it.each([[5], ['ab'], [{ 0: 'a', 1: 'b', length: 2 }], [[['a']]], [[['a', 1, 2]]]])(
    'refuses what is no pair: %j',
    (record) => {
      expect(() => sideTable(inBlocks([record].flat(), 1))).toThrow(TypeError);
    },
  );

  it('gives each record copies of its own', () => {
    const table = sideTable(inBlocks([['a', { n: 1 }]], 1));
    const [value] = table.valuesOf('a')!;
    const copy = table.copyOf(value) as { n: number };
    copy.n = 5;
    expect(table.copyOf(table.valuesOf('a')![0])).toEqual({ n: 1 });
  });

  it('leaves the memory of indices that follow each other to these', () => {
    const large = new KeyIndex(0);
    for (let n = 0; n < 5000; n += 1) large.record(`key ${n}`);
    large.release();
    const table = sideTable(inBlocks([['a', 1]], 1));
    const next = new KeyIndex(0);
    next.record('b');
    expect(table.valuesOf('b')).toBeUndefined();
    expect(table.valuesOf('a')).toEqual([1]);
    next.release();
    expect(table.valuesOf('a')).toEqual([1]);
  });
});
