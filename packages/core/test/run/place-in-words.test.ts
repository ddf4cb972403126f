import { describe, expect, it } from '@jest/globals';
import { placeOf } from '../../src/run/place-in-words.js';

describe('a place in words', () => {
  it.each([
    [{}, ''],
    [{ index: 7 }, ' at record 7'],
    [{ file: '/a.txt', line: 3, byte: 40 }, ' at /a.txt:3'],
    [{ file: '/a.gz', byte: 40 }, ' at /a.gz:byte 40'],
    [{ file: '/a.parquet', index: 12 }, ' at record 12 of /a.parquet'],
  ])('tells of %o', (position, words) => {
    expect(placeOf(position)).toBe(words);
  });
});
