import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { laneKeys, sparkHash } from '../../src/sql/lane-keys.js';

describe('the hash', () => {
  // Spark 4.2 said so to `SELECT hash(CAST(x AS INT))`; test/server asks a server for many more.
  test.each([
    [0, 933211791],
    [1, -559580957],
    [42, 29417773],
    [-1, -1604776387],
    [2147483647, 133916647],
    [-2147483648, 723455942],
  ])('of %d is what Spark says', (int, hash) => {
    expect(sparkHash(int)).toBe(hash);
  });
});

test('every lane has a key that leads to it, the smallest one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), (lanes) => {
      const laneOf = (key: number): number => ((sparkHash(key) % lanes) + lanes) % lanes;
      const keys = laneKeys(lanes);
      expect(keys).toHaveLength(lanes);
      expect(keys.map(laneOf)).toEqual(keys.map((_, lane) => lane));
      const all = Array.from({ length: Math.max(...keys) }, (_, key) => key);
      expect(all.filter((key) => keys[laneOf(key)]! > key)).toEqual([]);
    }),
  );
});
