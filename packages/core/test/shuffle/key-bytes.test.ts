import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyBytes, keyOfBytes } from '../../src/shuffle/keys/key-bytes.js';
import { compareKeys, sortKey } from '../../src/shuffle/keys/sort-key.js';
import { alikeText, inOrder, sortableKey } from './sortable-keys.js';

function bytesOf(key: unknown): Uint8Array {
  const bytes = new KeyBytes();
  if (!bytes.add(key)) throw new Error('It refuses the key');
  return bytes.bytes.slice(0, bytes.length);
}

const anyKey = fc.oneof(
  sortableKey,
  alikeText,
  fc.double(),
  fc.bigInt(),
  fc.bigInt({ min: -300n, max: 300n }),
  fc.date({ noInvalidDate: false }),
  fc.array(fc.oneof(sortableKey, alikeText), { maxLength: 3 }),
);

describe('KeyBytes', () => {
  it('compare as the keys do', () => {
    const compareAlike = (left: unknown, right: unknown): boolean =>
      Buffer.compare(bytesOf(left), bytesOf(right)) === Math.sign(compareKeys(left, right));
    const keys = inOrder.flat();
    const pairs = keys.flatMap((left) => keys.map((right) => [left, right]));
    expect(pairs.filter(([left, right]) => !compareAlike(left, right))).toEqual([]);
    fc.assert(fc.property(anyKey, anyKey, compareAlike), { numRuns: 3000 });
  });

  it('are not the beginning of those of another key', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (left, right) => {
        const [one, other] = [bytesOf(left), bytesOf(right)];
        fc.pre(compareKeys(left, right) !== 0);
        return Buffer.from(other).indexOf(one) !== 0;
      }),
      { numRuns: 3000 },
    );
  });

  it('give back an equal key', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const back = keyOfBytes(bytesOf(key));
        return typeof back === typeof key && compareKeys(back, key) === 0;
      }),
      { numRuns: 3000 },
    );
  });

  it.each([-(2n ** 4096n), 2n ** 64n - 1n, 2n ** 64n, -255n, -256n, 255n, 256n])(
    'give back the bigint %s',
    (key) => {
      expect(keyOfBytes(bytesOf(key))).toBe(key);
    },
  );

  it('are equal for all forms of NaN', () => {
    const negative = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0];
    expect(bytesOf(negative)).toEqual(bytesOf(NaN));
    expect(bytesOf(new Date(NaN))).toEqual(bytesOf(new Date(1e99)));
  });

  it.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an object', { a: 1 }],
    ['a Map within arrays', [[new Map()]]],
    ['an array of a class', new (class Row extends Array<number> {})()],
    ['a Date of a class', new (class Day extends Date {})()],
  ])('refuse %s, as sortKey does, and write nothing of it', (_, key) => {
    const bytes = new KeyBytes();
    bytes.add('before');
    const { length } = bytes;
    expect(bytes.add([1, 'text', key])).toBe(false);
    expect(bytes.length).toBe(length);
    expect(() => sortKey([1, 'text', key])).toThrow(/a sort key may be/);
  });

  it('refuse what is nested as deep as sortKey refuses', () => {
    const nested = (levels: number): unknown => {
      let key: unknown = 1;
      for (let i = 0; i < levels; i++) key = [key];
      return key;
    };
    expect(keyOfBytes(bytesOf(nested(500)))).toEqual(nested(500));
    expect(sortKey(nested(500))).toEqual(nested(500));
    expect(new KeyBytes().add(nested(501))).toBe(false);
    expect(() => sortKey(nested(501))).toThrow('nested more than 500 levels');
  });
});
