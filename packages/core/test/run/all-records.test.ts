import { describe, expect, it } from '@jest/globals';
import { AllRecords } from '../../src/run/all-records.js';

/** Blocks of so many numbers, counted on. */
function blocksOf(lengths: readonly number[]): number[][] {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => next++));
}

describe('AllRecords', () => {
  it.each([
    { of: 'nothing', lengths: [] },
    { of: 'empty blocks', lengths: [0, 0] },
    { of: 'one long block', lengths: [5000] },
    { of: 'short blocks', lengths: [1, 1023, 0, 7] },
    { of: 'short and long blocks', lengths: [3, 1024, 5, 100_000, 2, 2000, 1] },
    { of: 'more short blocks than one array takes', lengths: Array<number>(200).fill(1000) },
    { of: 'more long blocks than a function takes', lengths: Array<number>(4097).fill(1024) },
  ])('joins $of in order', ({ lengths }) => {
    const gathering = new AllRecords();
    for (const block of blocksOf(lengths)) gathering.addAll(block);
    const { value } = gathering;
    expect(value).toHaveLength(lengths.reduce((sum, length) => sum + length, 0));
    // Millions of records would take seconds to be compared by `toEqual`.
    expect(value.findIndex((record, i) => record !== i)).toBe(-1);
  });

  it('takes single records between blocks', () => {
    const gathering = new AllRecords();
    const long = Array.from({ length: 2000 }, (_, i) => i);
    gathering.add('a');
    gathering.addAll(long);
    gathering.add('b');
    gathering.addAll(['c']);
    gathering.add('d');
    expect(gathering.value).toEqual(['a', ...long, 'b', 'c', 'd']);
    expect(long).toHaveLength(2000);
  });

  it('keeps records that are arrays', () => {
    const gathering = new AllRecords();
    const pairs = Array.from({ length: 1500 }, (_, i) => [i, [i]]);
    gathering.addAll(pairs);
    gathering.add([[]]);
    expect(gathering.value).toEqual([...pairs, [[]]]);
  });

  it('gives an array of its own', () => {
    const gathering = new AllRecords();
    const block = Array.from({ length: 1500 }, (_, i) => i);
    gathering.addAll(block);
    gathering.value.push(-1);
    expect(block).toHaveLength(1500);
  });
});
