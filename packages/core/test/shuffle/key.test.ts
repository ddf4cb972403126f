import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SerializationError } from '../../src/errors.js';
import { canonicalKey, previewKey } from '../../src/shuffle/keys/key.js';
import { KeyIndex } from '../../src/shuffle/keys/key-index.js';
import { recordWords } from '../../src/shuffle/keys/key-record.js';
import { KeyPacker, type PackedKeys } from '../../src/shuffle/keys/packed-keys.js';
import { sortKey } from '../../src/shuffle/keys/sort-key.js';
import { findKey, oddKey, sameKey } from './odd-keys.js';

/** A number a key, in the order of first appearance. */
function numberedBy(index: KeyIndex, key: unknown): number {
  const { size } = index;
  const record = index.record(key);
  if (index.size > size) index.setNumber(record, size);
  return index.number(record);
}

const numbers = (...keys: unknown[]): number[] => {
  const index = new KeyIndex(1);
  return keys.map((key) => numberedBy(index, key));
};

const keysOf = (index: KeyIndex): unknown[] => Array.from(index.records(), (record) => index.key(record));

/** All of an index, as a block carries it. */
function packed(index: KeyIndex): PackedKeys {
  const packer = new KeyPacker(index);
  for (const record of index.records()) packer.add(record);
  return packer.keys;
}

function hashOf(key: unknown, seed: number): number {
  const index = new KeyIndex(seed);
  return index.hash(index.record(key));
}

describe('KeyIndex', () => {
  it('tells keys apart by value, and gives them back in the order of first appearance', () => {
    fc.assert(
      fc.property(fc.array(oddKey, { maxLength: 40 }), (keys) => {
        const index = new KeyIndex(1);
        const distinct: unknown[] = [];
        for (const key of keys) {
          let expected = findKey(distinct, key);
          if (expected < 0) expected = distinct.push(key) - 1;
          expect(numberedBy(index, key)).toBe(expected);
        }
        expect(index.size).toBe(distinct.length);
        expect(keysOf(index).every((key, i) => sameKey(key, distinct[i]))).toBe(true);
      }),
    );
  });

  it('knows the keys that another index has packed, with another seed too', () => {
    fc.assert(
      fc.property(
        fc.array(oddKey, { maxLength: 30 }),
        fc.array(oddKey, { maxLength: 30 }),
        (some, others) => {
          const [index, other] = [new KeyIndex(1), new KeyIndex(2)];
          const expected: unknown[] = [];
          for (const key of some) index.record(key);
          for (const key of others) other.record(key);
          for (const record of other.records()) {
            expect(index.find(other, record) !== 0).toBe(findKey(some, other.key(record)) >= 0);
          }
          for (const key of [...some, ...others]) if (findKey(expected, key) < 0) expected.push(key);

          const { words, objects } = packed(other);
          let at = 0;
          for (const [i, record] of other.records().entries()) {
            const found = index.recordOf(words, at, objects?.[i]);
            expect(sameKey(index.key(found), other.key(record))).toBe(true);
            expect(index.record(other.key(record))).toBe(found);
            at += recordWords(words, at);
          }
          expect(at).toBe(words.length);
          expect(keysOf(index).every((key, i) => sameKey(key, expected[i]))).toBe(true);
          expect(index.size).toBe(expected.length);
        },
      ),
    );
  });

  it('gives back texts of every length, with characters of one byte and of two at every place', () => {
    const index = new KeyIndex(7);
    const texts = new Set<string>();
    for (let length = 0; length <= 20; length += 1) {
      for (const character of ['a', '\u0000', 'ÿ', 'Ā', '\ud800', '\uffff']) {
        texts.add(character.repeat(length));
        for (let i = 0; i < length; i += 1) texts.add('b'.repeat(i) + character + 'b'.repeat(length - 1 - i));
      }
    }
    const all = [...texts];
    expect(all.map((text) => numberedBy(index, text))).toEqual(all.map((_, i) => i));
    expect(all.map((text) => numberedBy(index, text))).toEqual(all.map((_, i) => i));
    expect(keysOf(index)).toEqual(all);
  });

  it('counts like a Map, far beyond the sizes at which it grows', () => {
    const index = new KeyIndex(3);
    const counts = new Map<unknown, number>();
    for (let i = 0; i < 300_000; i += 1) {
      const n = Math.imul(i, 2_654_435_761) % 50_000;
      const key = i % 3 === 0 ? n : i % 3 === 1 ? `word ${n}` : n / 7;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      const record = index.record(key);
      index.setNumber(record, index.number(record) + 1);
    }
    expect(keysOf(index)).toEqual([...counts.keys()].map((key) => (key === 0 ? 0 : key)));
    expect(Array.from(index.records(), (record) => index.number(record))).toEqual([...counts.values()]);
    expect(index.bytes).toBeGreaterThan(counts.size * 32);
    expect(index.bytes).toBeLessThan(counts.size * 64);
  });

  it('is the same to the last bit on memory that another one had, or that it had before it was cleared', () => {
    const someKeys = fc.array(oddKey, { maxLength: 60 });
    const filled = (index: KeyIndex, keys: readonly unknown[]): unknown => {
      for (const key of keys) numberedBy(index, key);
      expect(keysOf(index).map((key) => findKey(keys, key))).not.toContain(-1);
      const { words, objects = [] } = packed(index);
      return [words, Object.keys(objects), index.size, index.bytes];
    };
    fc.assert(
      fc.property(someKeys, someKeys, (before, keys) => {
        const fresh = new KeyIndex(3);
        const expected = filled(fresh, keys);
        const used = new KeyIndex(1);
        const beside = new KeyIndex(1);
        filled(used, before);
        filled(beside, before);
        used.release();
        used.release();
        const index = new KeyIndex(3);
        expect(filled(index, keys)).toEqual(expected);
        index.clear();
        expect(filled(index, keys)).toEqual(expected);
        // Those that were there at the same time have memory of their own.
        expect([used.size, keysOf(used)]).toEqual([0, []]);
        expect(filled(fresh, keys)).toEqual(expected);
        expect(filled(beside, before)).toEqual(filled(new KeyIndex(1), before));
        for (const each of [fresh, used, beside, index]) each.release();
      }),
    );
  });

  it('keeps numbers of its owner to the last bit', () => {
    const index = new KeyIndex(1);
    for (const value of [-0, NaN, 5e-324, -Infinity, 2 ** 53 - 1, 0.1]) {
      index.setNumber(index.record(value), value);
      expect(Object.is(index.number(index.record(value)), value)).toBe(true);
    }
    // A NaN with other bits is the same key.
    const [other] = new Float64Array(new BigUint64Array([0xfff8_dead_beef_0001n]).buffer);
    expect(index.record(other)).toBe(index.record(NaN));
  });

  it('tells apart what only looks alike', () => {
    expect(
      numbers(1, '1', 1n, true, [1], ['1'], { a: 1 }, { a: undefined }, {}, [], '', null, undefined, false),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(numbers('é', 'e\u0301', '\ud800', '\ud801', new Date(1), 1, 'd1;', 's1:a', ['a'])).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    // The same bytes in memory.
    expect(numbers('ab', '\u6261', 0x6261, 'ab\0', 'ab\0\0', 25_185n, '6261')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(numbers(255n, 'ff', -255n, '-ff', 0, '', false, 0n, undefined)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(numbers(2 ** 31, -(2 ** 31), 2 ** 32, 0, 2 ** 32 + 1, 1)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes equal keys together: -0 and 0, NaN and NaN, objects in any property order', () => {
    expect(numbers(-0, 0, NaN, NaN, 2n ** 70n, 2n ** 70n)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(numbers({ a: 1, b: [-0] }, { b: [0], a: 1 }, new Date(5), new Date(5))).toEqual([0, 0, 1, 1]);
    expect(numbers(Object.create(null), {})).toEqual([0, 0]);
    const index = new KeyIndex(1);
    expect(Object.is(index.key(index.record(-0)), 0)).toBe(true);
    expect(Object.is((index.key(index.record([-0])) as number[])[0], 0)).toBe(true);
  });

  it('keeps its own copy of a composite key, so that a reused object does no harm', () => {
    const index = new KeyIndex(1);
    const key = [1, { a: 2 }];
    index.record(key);
    key[0] = 9;
    expect(keysOf(index)).toEqual([[1, { a: 2 }]]);
    index.record(key);
    expect(index.size).toBe(2);
  });

  class Point {}
  const cycle: unknown[] = [];
  cycle.push({ cycle });
  it.each<[string, unknown, string, string]>([
    ['a function', () => 1, 'key', 'is a function'],
    ['a symbol', Symbol('s'), 'key', 'is a symbol'],
    ['a Map', new Map(), 'key', 'is an instance of Map'],
    ['a Set inside', { a: [1, new Set()] }, 'key.a[1]', 'is an instance of Set'],
    ['a class instance', [new Point()], 'key[0]', 'is an instance of Point'],
    ['a Date of a class', new (class Day extends Date {})(0), 'key', 'is an instance of Day'],
    ['an array of a class', { a: new (class Row extends Array {})(1) }, 'key.a', 'is an instance of Row'],
    ['an array without a prototype', Object.setPrototypeOf([], null), 'key', 'is an instance of a class'],
    ['a boxed number', Object(1), 'key', 'is an instance of Number'],
    ['bytes', new Uint8Array(1), 'key', 'is an instance of Uint8Array'],
    ['a cycle', cycle, 'key[0].cycle', 'refers to itself'],
    ['a symbol property', { [Symbol('s')]: 1 }, 'key', 'named by a symbol'],
  ])('refuses %s and names its path', (_, key, path, reason) => {
    let error: unknown;
    try {
      new KeyIndex(1).record(key);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SerializationError);
    expect((error as SerializationError).path).toBe(path);
    expect((error as SerializationError).message).toContain(reason);
    expect((error as SerializationError).message).toContain('a key may be');
  });

  it('escapes the names in the path to a part, and keeps it short', () => {
    let key: unknown = new Map();
    for (let depth = 0; depth < 400; depth++) key = { '\u001b]0;pwn\u0007': key };
    const deepArray = JSON.parse(`${'['.repeat(400)}{}${']'.repeat(400)}`) as unknown;
    for (const check of [
      () => canonicalKey(key),
      () => sortKey(deepArray),
      () => canonicalKey({ '\u202e': Symbol('s') }),
    ]) {
      let error: unknown;
      try {
        check();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ name: 'SerializationError', code: 'ERR_FORKFOLD_SERIALIZATION' });
      const { message, path } = error as SerializationError;
      expect(message).toMatch(/^[\x20-\x7e…]+$/);
      expect(message.startsWith(`${path} `)).toBe(true);
      expect(message.length).toBeLessThan(600);
    }
  });

  it('previews a key without what a terminal would obey', () => {
    expect(previewKey('\u202e\u001b[31m')).toBe('"\\u202e\\u001b[31m"');
    expect(previewKey({ '\u202e': '\u001b' })).toMatch(/^[\x20-\x7e]+$/);
    expect(previewKey('k'.repeat(1e6)).length).toBeLessThan(110);
  });

  it('refuses a key that is nested too deeply to compare', () => {
    let key: unknown = 1;
    for (let depth = 0; depth < 10_000; depth++) key = [key];
    expect(() => canonicalKey(key)).toThrow('levels deep');
  });
});

describe('the hash of a key', () => {
  it('is equal for equal keys, unsigned and of 32 bits', () => {
    fc.assert(
      fc.property(oddKey, oddKey, fc.integer(), (key, other, seed) => {
        const hash = hashOf(key, seed);
        expect(hash).toBe(hash >>> 0);
        expect(hashOf(other, seed) === hash).toBe(sameKey(key, other));
      }),
    );
    expect(hashOf({ b: 1, a: 2 }, 7)).toBe(hashOf({ a: 2, b: 1 }, 7));
  });

  it('does not change from version to version', () => {
    const keys = [
      '',
      'a',
      'word',
      '\ud800',
      0,
      1,
      -1,
      0.5,
      NaN,
      2 ** 40,
      1n,
      true,
      null,
      undefined,
      [1, 'a'],
      { a: 1 },
    ];
    expect(keys.map((key) => hashOf(key, 1))).toMatchInlineSnapshot(`
      [
        1364076727,
        2129261754,
        1301280755,
        3173944926,
        1928824846,
        1780509900,
        1425052506,
        764303220,
        3240811265,
        4180172307,
        980396131,
        3913170893,
        3219903473,
        1558924552,
        3819134128,
        1523141311,
      ]
    `);
  });

  const families: [string, (i: number) => unknown][] = [
    ['small integers', (i) => i],
    ['multiples of 1024', (i) => i * 1024],
    ['floats', (i) => i / 10],
    ['large integers', (i) => 1e12 + i],
    ['numbered words', (i) => `user-${i}`],
    ['long texts with one difference', (i) => `${'x'.repeat(40)}${i}${'y'.repeat(40)}`],
    ['bigints', (i) => BigInt(i) << 64n],
    ['pairs', (i) => [i % 100, Math.floor(i / 100)]],
    ['dates, a day apart', (i) => new Date(i * 86_400_000)],
  ];
  it.each(families)('spreads %s evenly, by every seed and by two seeds at once', (_, make) => {
    const hashes = (seed: number): number[] =>
      Array.from({ length: 8000 }, (_, i) => hashOf(make(i), seed)); // prettier-ignore
    for (const [seed, other] of [
      [0, 1],
      [0x9e3779b1, 0x3c6ef362],
    ] as const) {
      const [first, second] = [hashes(seed), hashes(other)];
      for (const buckets of [61, 256]) {
        const sizes = new Array<number>(buckets).fill(0);
        const sizesOfFirst = new Array<number>(16).fill(0);
        first.forEach((hash, i) => {
          sizes[hash % buckets]!++;
          // What one hash put together must be spread by the next.
          if ((hash % buckets) % 2 === 0) sizesOfFirst[second[i]! % 16]!++;
        });
        // Chi-squared, five standard deviations above its mean.
        const limit = (cells: number): number => cells - 1 + 5 * Math.sqrt(2 * (cells - 1)) + 10;
        expect(chiSquared(sizes)).toBeLessThan(limit(buckets));
        expect(chiSquared(sizesOfFirst)).toBeLessThan(limit(16));
      }
    }
  });

  it('changes half of its bits when one bit of a key changes', () => {
    let flipped = 0;
    for (let i = 0; i < 1000; i++) {
      for (let bit = 0; bit < 32; bit++) {
        let difference = hashOf(i * 7919, 3) ^ hashOf((i * 7919) ^ (1 << bit), 3);
        for (; difference !== 0; difference &= difference - 1) flipped++;
      }
    }
    expect(flipped / 32_000).toBeGreaterThan(15.8);
    expect(flipped / 32_000).toBeLessThan(16.2);
  });
});

function chiSquared(sizes: readonly number[]): number {
  const mean = sizes.reduce((a, b) => a + b) / sizes.length;
  return sizes.reduce((sum, size) => sum + (size - mean) ** 2 / mean, 0);
}
