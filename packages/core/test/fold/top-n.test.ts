import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { topN } from '../../src/fold/top-n.js';

interface Ranked {
  readonly rank: unknown;
  readonly at: number;
}

/** The answer for records that come in chunks, which meet as the partial results of a run do. */
function top(records: readonly Ranked[], n: number, chunkSize: number): Ranked[] {
  const aggregator = topN(n, ({ rank }: Ranked) => rank as number);
  const partials = [];
  for (let i = 0; i < records.length; i += chunkSize) {
    partials.push(records.slice(i, i + chunkSize).reduce(aggregator.add, aggregator.zero()));
  }
  return aggregator.finish!(partials.reduce(aggregator.merge, aggregator.zero()));
}

/** The same by a plain program: the first `n` of all records, sorted. */
function plainTop(records: readonly Ranked[], n: number): Ranked[] {
  const last = (rank: unknown): boolean => rank === null || rank === undefined || Number.isNaN(rank);
  const exceeds = (a: unknown, b: unknown): boolean => {
    if (last(a) || last(b)) return !last(a) && last(b);
    if (typeof a === 'string' || typeof b === 'string') {
      return typeof a === 'string' && (typeof b !== 'string' || a > b);
    }
    return (a as number) > (b as number);
  };
  const isAhead = (a: Ranked, b: Ranked): boolean =>
    exceeds(a.rank, b.rank) || (!exceeds(b.rank, a.rank) && a.at < b.at);
  return [...records].sort((a, b) => (isAhead(a, b) ? -1 : 1)).slice(0, n);
}

const rank = fc.constantFrom<unknown>(1, 2, 2n, 3n, -1, 2.5, -0, 0, Infinity, NaN, undefined, null, 'a', 'b');

describe('topN', () => {
  it('is what a plain program finds, for every order of the records and every size of a chunk', () => {
    fc.assert(
      fc.property(fc.array(rank, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (ranks, n) => {
        const records = ranks.map((of, at) => ({ rank: of, at }));
        const expected = plainTop(records, n);
        return [1, 2, 3, 5, 12].every((chunkSize) => {
          const found = top(records, n, chunkSize);
          return found.length === expected.length && found.every((record, i) => record === expected[i]);
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same when a chunk is trimmed on its way', () => {
    const records = Array.from({ length: 9000 }, (_, at) => ({ rank: at % 7 === 0 ? NaN : (at * 7919) % 100, at })); // prettier-ignore
    expect(top(records, 3, 9000)).toEqual(plainTop(records, 3));
    expect(top(records, 3, 4000)).toEqual(plainTop(records, 3));
  });

  it.each([
    ['a promise', Promise.resolve(1), 'Promise { 1'],
    ['an object', { votes: 1 }, '{ votes: 1 }'],
    ['a boolean', true, 'true'],
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('refuses %s as a rank, and says what one may be', (_, given, shown) => {
    expect(() => top([{ rank: given, at: 0 }], 1, 1)).toThrow(
      `a rank is a number, a bigint or a string, or null or undefined to come last; "by" gave ${shown}`,
    );
  });
});
