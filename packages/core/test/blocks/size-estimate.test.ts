import { describe, expect, it } from '@jest/globals';
import { CombineTable } from '../../src/shuffle/combine/table.js';
import { SizeSampler, sizeOf } from '../../src/blocks/size-estimate.js';

const header = { text: [] };
const row = { text: Array.from({ length: 40 }, (_, i) => `word ${i}`) };
const periods = [2, 3, 4, 5, 7, 8, 16, 30, 64];

/** A header, `period - 1` rows, a header, ... */
function periodic(period: number, length: number): object[] {
  return Array.from({ length }, (_, n) => (n % period === 0 ? header : row));
}

function sampled(values: readonly unknown[]): number {
  const sampler = new SizeSampler();
  return values.reduce<number>((bytes, value) => bytes + sampler.of(value), 0);
}

describe('the estimates of sizes', () => {
  it.each(periods)(
    'see the rows between headers at every %i-th place, and headers between rows',
    (period) => {
      for (const phase of [0, 1]) {
        const values = periodic(period, 4000).slice(phase);
        const exact = values.reduce((bytes, value) => bytes + sizeOf(value), 0);
        expect(sampled(values) / exact).toBeGreaterThan(0.8);
        expect(sampled(values) / exact).toBeLessThan(1.25);
      }
    },
  );

  it.each(periods)(
    'look at elements of an array or an object that are not all at every %i-th place',
    (period) => {
      for (let length = 8 * period; length < 20 * period; length += period) {
        const values = periodic(period, length);
        const exact = values.reduce((bytes, value) => bytes + 8 + sizeOf(value, 1), 0);
        for (const collection of [values, Object.fromEntries(values.map((value, n) => [`_${n}`, value]))]) {
          expect(sizeOf(collection) / exact).toBeGreaterThan(0.2);
          expect(sizeOf(collection) / exact).toBeLessThan(2.1);
        }
      }
    },
  );

  it('of integers grow with their digits, whatever their sign, as far as doubles go and beyond', () => {
    for (const bits of [64, 65, 100, 500, 1000, 1023, 1024, 1025, 5000, 100_000]) {
      const bytes = sizeOf(2n ** BigInt(bits) - 1n);
      expect(Math.abs(bytes - 16 - bits / 8)).toBeLessThanOrEqual(1);
      expect(sizeOf(-(2n ** BigInt(bits)) + 1n)).toBe(bytes);
    }
    for (const small of [0n, -1n, 2n ** 62n, -(2n ** 62n)]) expect(sizeOf(small)).toBe(24);
  });

  it('see accumulators grow, though every 32nd update is of one that does not', () => {
    const add = (list: string[], word: string): string[] => (word === '' ? list : [...list, word]);
    const merge = (left: string[], right: string[]): string[] => [...left, ...right];
    const table = new CombineTable<string, string[]>(0, { create: (word) => [word], add, merge });
    for (let n = 0; n < 20_000; n += 1) table.put(n % 32, n % 32 === 31 ? '' : `word ${n}`);
    const exact = [...table.batches(8)].flat().reduce((bytes, [, list]) => bytes + sizeOf(list), 0);
    expect(table.bytes / exact).toBeGreaterThan(0.8);
    expect(table.bytes / exact).toBeLessThan(1.3);
  });

  it('depend on the values and their order alone', () => {
    const values = periodic(7, 1000);
    expect(sampled(values)).toBe(sampled(structuredClone(values)));
  });
});
