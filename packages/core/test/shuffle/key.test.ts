import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SerializationError } from '../../src/errors.js';
import { canonicalKey, previewKey } from '../../src/shuffle/key.js';
import { hashKey } from '../../src/shuffle/hash-key.js';
import { KeyIndex } from '../../src/shuffle/key-index.js';
import { sortKey } from '../../src/shuffle/sort-key.js';
import { findKey, oddKey, sameKey } from './odd-keys.js';

const slots = (...keys: unknown[]): number[] => {
  const index = new KeyIndex(1);
  return keys.map((key) => index.slot(key));
};

describe('KeyIndex', () => {
  it('numbers keys by value in the order of first appearance', () => {
    fc.assert(
      fc.property(fc.array(oddKey, { maxLength: 40 }), (keys) => {
        const index = new KeyIndex(1);
        const distinct: unknown[] = [];
        for (const key of keys) {
          let expected = findKey(distinct, key);
          if (expected < 0) expected = distinct.push(key) - 1;
          expect(index.slot(key)).toBe(expected);
        }
        expect(index.keys.length).toBe(distinct.length);
        expect(index.keys.every((key, slot) => sameKey(key, distinct[slot]))).toBe(true);
        expect(distinct.map((key) => index.find(key))).toEqual(distinct.map((_, slot) => slot));
      }),
    );
  });

  it('tells apart what only looks alike', () => {
    expect(
      slots(1, '1', 1n, true, [1], ['1'], { a: 1 }, { a: undefined }, {}, [], '', null, undefined),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(slots('é', 'e\u0301', '\ud800', '\ud801', new Date(1), 1, 'd1;', 's1:a', ['a'])).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it('takes equal keys together: -0 and 0, NaN and NaN, objects in any property order', () => {
    expect(slots(-0, 0, NaN, NaN, 2n ** 70n, 2n ** 70n)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(slots({ a: 1, b: [-0] }, { b: [0], a: 1 }, new Date(5), new Date(5))).toEqual([0, 0, 1, 1]);
    expect(slots(Object.create(null), {})).toEqual([0, 0]);
    const index = new KeyIndex(1);
    index.slot(-0);
    index.slot([-0]);
    expect(Object.is(index.keys[0], 0)).toBe(true);
    expect(Object.is((index.keys[1] as number[])[0], 0)).toBe(true);
  });

  it('keeps its own copy of a composite key, so that a reused object does no harm', () => {
    const index = new KeyIndex(1);
    const key = [1, { a: 2 }];
    index.slot(key);
    key[0] = 9;
    expect(index.keys).toEqual([[1, { a: 2 }]]);
    expect(index.slot(key)).toBe(1);
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
    ['a boxed number', Object(1), 'key', 'is an instance of Number'],
    ['bytes', new Uint8Array(1), 'key', 'is an instance of Uint8Array'],
    ['a cycle', cycle, 'key[0].cycle', 'refers to itself'],
    ['a symbol property', { [Symbol('s')]: 1 }, 'key', 'named by a symbol'],
  ])('refuses %s and names its path', (_, key, path, reason) => {
    let error: unknown;
    try {
      new KeyIndex(1).slot(key);
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

describe('hashKey', () => {
  it('gives equal keys equal hashes, unsigned and of 32 bits', () => {
    fc.assert(
      fc.property(oddKey, oddKey, fc.integer(), (key, other, seed) => {
        const hash = hashKey(key, seed);
        expect(hash).toBe(hash >>> 0);
        expect(hashKey(other, seed) === hash).toBe(sameKey(key, other));
      }),
    );
    expect(hashKey({ b: 1, a: 2 }, 7)).toBe(hashKey({ a: 2, b: 1 }, 7));
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
    expect(keys.map((key) => hashKey(key, 1))).toMatchInlineSnapshot(`
      [
        1364076727,
        3484942910,
        1569525480,
        171630906,
        826015971,
        1561392095,
        3291986673,
        2292832149,
        3320632039,
        1411522341,
        1469661015,
        3770205908,
        117011143,
        3924948219,
        1632038401,
        4268029205,
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
    const count = 8000;
    for (const buckets of [61, 256]) {
      for (const [seed, other] of [
        [0, 1],
        [0x9e3779b1, 0x3c6ef362],
      ] as const) {
        const sizes = new Array<number>(buckets).fill(0);
        const sizesOfFirst = new Array<number>(16).fill(0);
        for (let i = 0; i < count; i++) {
          const hash = hashKey(make(i), seed) % buckets;
          sizes[hash]!++;
          // What one hash put together must be spread by the next.
          if (hash % 2 === 0) sizesOfFirst[hashKey(make(i), other) % 16]!++;
        }
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
        let difference = hashKey(i * 7919, 3) ^ hashKey((i * 7919) ^ (1 << bit), 3);
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
