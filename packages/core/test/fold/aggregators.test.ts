import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Aggregator } from '../../src/fold/aggregator.js';
import { count, max, mean, min, stddev, sum, toSet, variance } from '../../src/fold/aggregators.js';
import { byName, named } from '../../src/fold/by-name.js';
import { countDistinct } from '../../src/fold/count-distinct.js';
import { histogram } from '../../src/fold/histogram.js';
import { collect, first, last, mode } from '../../src/fold/picked.js';
import { quantile } from '../../src/fold/quantile.js';

/** What an aggregator makes of records that are cut into parts, whose accumulators meet from left to right. */
function fold<R>(aggregator: Aggregator<never, unknown, R>, records: readonly unknown[], parts = 1): R {
  const given = aggregator as unknown as Aggregator<unknown, unknown, R>;
  const size = Math.max(1, Math.ceil(records.length / parts));
  let all = given.zero();
  for (let at = 0; at < records.length; at += size) {
    const part = records
      .slice(at, at + size)
      .reduce((accumulator, record) => given.add(accumulator, record), given.zero());
    all = given.merge(all, part);
  }
  return given.finish ? given.finish(all) : (all as R);
}

const rows = [{ x: 1, t: 'a' }, { x: null, t: 'b' }, { x: 4 }, { x: 2, t: 'b' }, { x: 4, t: null }];

describe('a ready-made aggregator', () => {
  it.each<[string, Aggregator<never, unknown, unknown>, unknown]>([
    ['sum', sum('x'), 11],
    ['sum as a bigint', sum('x', { bigint: true }), 11n],
    ['count', count('x'), 4],
    ['count of all', count, 5],
    ['count by a function', count((row: { x: number | null }) => (row.x === 4 ? 1 : null)), 2],
    ['min', min('x'), 1],
    ['max', max('x'), 4],
    ['mean', mean('x'), 2.75],
    ['variance', variance('x'), 1.6875],
    ['stddev', stddev('x'), Math.sqrt(1.6875)],
    ['toSet', toSet('t'), new Set(['a', 'b'])],
    ['histogram', histogram('x', [0, 2, 3, 5]), [1, 1, 2]],
    ['first', first('t'), 'a'],
    ['last', last('t'), 'b'],
    ['last by a function', last((row: { x: number | null }) => row.x), 4],
    ['mode', mode('t'), 'b'],
    ['mode, of equals', mode('x'), 4],
    ['collect', collect('x'), [1, 4, 2, 4]],
    ['quantile', quantile('x', 0.5), 3],
    ['countDistinct', countDistinct('t'), 2],
  ])(
    '%s takes a field, skips nulls, and does not depend on where records were cut',
    (_, aggregator, expected) => {
      for (const parts of [1, 2, 3, 5]) expect(fold(aggregator as never, rows, parts)).toEqual(expected);
    },
  );

  it.each<[string, Aggregator<never, unknown, unknown>, unknown]>([
    ['sum', sum('x'), 0],
    ['sum as a bigint', sum('x', { bigint: true }), 0n],
    ['count', count('x'), 0],
    ['min', min('x'), Infinity],
    ['mean', mean('x'), NaN],
    ['stddev', stddev('x'), NaN],
    ['first', first('x'), undefined],
    ['mode', mode('x'), undefined],
    ['collect', collect('x'), []],
    ['quantile', quantile('x', 0.5), NaN],
    ['countDistinct', countDistinct('x'), 0],
  ])('%s of nothing', (_, aggregator, expected) => {
    for (const none of [[], [{ x: null }, {}]]) expect(fold(aggregator as never, none)).toEqual(expected);
  });

  it('is a value as it stands, which skips nulls too', () => {
    expect(fold(mean as Aggregator<never, unknown, number>, [1, null, 2])).toBe(1.5);
    expect(fold(count as Aggregator<never, unknown, number>, [1, null])).toBe(2);
    expect(fold(first as Aggregator<never, unknown, unknown>, [null, undefined, 7])).toBe(7);
    expect(fold(collect as Aggregator<never, unknown, unknown>, [null, undefined, 7])).toEqual([7]);
    expect({ ...mean }).toMatchObject({
      zero: expect.any(Function) as unknown,
      finish: expect.any(Function) as unknown,
    });
  });

  it('refuses what is no value of its kind', () => {
    expect(() => fold(mean('x') as never, [{ x: '1' }])).toThrow(/^mean takes numbers, got '1' \(string\)/);
    expect(() => fold(sum('x', { bigint: true }) as never, [{ x: 0.5 }])).toThrow(
      /^sum as a bigint takes integers, got 0.5/,
    );
    expect(() => fold(countDistinct('x') as never, [{ x: {} }])).toThrow(
      /^countDistinct takes texts, numbers/,
    );
    expect(() => fold(mode('x') as never, [{ x: [] }])).toThrow(/^mode takes texts/);
  });

  it('sums integers beyond 2 ** 53 exactly', () => {
    const values = [{ x: 2 ** 53 }, { x: 1 }, { x: 9007199254740993n }];
    expect(fold(sum('x', { bigint: true }) as never, values, 2)).toBe(2n ** 53n + 1n + 9007199254740993n);
  });
});

describe('aggregators by name', () => {
  it('see each record once, and may be of anybody', () => {
    const own = {
      zero: () => 0,
      add: (n: number, row: { x: number | null }) => n + (row.x ?? 100),
      merge: (a: number, b: number) => a + b,
    };
    const both = byName('aggregate', { mean: mean('x'), own, n: count }) as Aggregator<
      unknown,
      never,
      unknown
    >;
    for (const parts of [1, 3]) expect(fold(both, rows, parts)).toEqual({ mean: 2.75, own: 111, n: 5 });
    expect(byName('aggregate', mean)).toBe(mean);
    expect(fold(named(['__proto__'], count as never) as never, [1])).toEqual(
      Object.fromEntries([['__proto__', 1]]),
    );
  });
});

describe('quantile', () => {
  const naive = (values: readonly number[], p: number): number => {
    const sorted = [...values].sort((a, b) => a - b);
    const rank = p * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
    return low === high ? low : low + (high - low) * (rank - Math.floor(rank));
  };

  it('is exact for few numbers, however they are cut', () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (values, p, parts) => {
          expect(fold(quantile(p) as never, values, parts)).toBe(naive(values, p));
        },
      ),
    );
  });

  it.each([0.005, 0.05])(
    'of many numbers is within a relative error of %d, the same however they are cut',
    (error) => {
      // Numbers of all sizes, by a generator of its own, so that a failure can be seen again.
      let state = 7;
      const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      const values = Array.from(
        { length: 20_000 },
        () => (next() < 0.3 ? -1 : 1) * Math.exp(next() * 40 - 20),
      );
      for (const p of [0, 0.01, 0.25, 0.5, 0.9, 0.999, 1]) {
        const found = fold(quantile(p, { error }) as never, values, 1);
        const expected = naive(values, p);
        expect(Math.abs((found as number) - expected)).toBeLessThanOrEqual(
          Math.abs(expected) * error * 1.0001,
        );
        for (const parts of [2, 13, 50])
          expect(fold(quantile(p, { error }) as never, values, parts)).toBe(found);
      }
    },
  );

  it('ranks infinities and NaN at the ends, of few and of many', () => {
    for (const times of [1, 500]) {
      const values = Array.from({ length: times }, () => [NaN, 0, -Infinity, 5, Infinity, -0]).flat();
      expect(fold(quantile(0) as never, values, 3)).toBe(-Infinity);
      expect(fold(quantile(0.3) as never, values, 3)).toBe(0);
      expect(fold(quantile(0.8) as never, values, 3)).toBe(Infinity);
      expect(fold(quantile(1) as never, values, 3)).toBeNaN();
    }
  });
});

describe('countDistinct', () => {
  it('is exact up to 1024 values, and within 3 % of many, the same however they are cut', () => {
    for (const [size, tolerance] of [
      [1, 0],
      [1024, 0],
      [1025, 0.03],
      [3000, 0.03],
      [40_000, 0.03],
      [200_000, 0.03],
    ] as const) {
      const values = Array.from({ length: size }, (_, i) => i);
      const found = fold(countDistinct as never, [...values, ...values.slice(0, 100)], 1);
      expect(Math.abs((found as number) - size)).toBeLessThanOrEqual(size * tolerance);
      for (const parts of [2, 7])
        expect(fold(countDistinct as never, [...values, ...values.slice(0, 100)], parts)).toBe(found);
    }
  });

  it('estimates texts, numbers and bigints with a standard error of 0.8 %', () => {
    const errors = Array.from({ length: 30 }, (_, seed) => {
      const values = Array.from({ length: 20_000 }, (_, i) =>
        seed % 3 === 0
          ? `user-${seed}-${i}`
          : seed % 3 === 1
            ? i * 97 + seed * 2 ** 31
            : BigInt(i) * 2n ** 40n + BigInt(seed),
      );
      return fold(countDistinct, values, 2) / 20_000 - 1;
    });
    const deviation = Math.sqrt(errors.reduce((total, error) => total + error * error, 0) / errors.length);
    expect(deviation).toBeLessThan(0.012);
    expect(deviation).toBeGreaterThan(0.003);
  });

  it('compares values as keys are', () => {
    const values = ['1', 1, 1n, true, false, 'true', 0, -0, NaN, NaN, new Date(1), new Date(1), null];
    expect(fold(countDistinct as never, values)).toBe(9);
  });
});
