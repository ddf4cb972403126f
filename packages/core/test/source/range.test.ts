import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OptionError } from '../../src/errors.js';
import { range, rangeSource, type RangeChunk } from '../../src/source/range.js';
import type { Batch, ChunkOptions, Cut } from '../../src/source/source.js';

function cut(start: number, end: number, step: number, chunkSize?: number): Cut {
  return rangeSource(start, end, step).cut({ chunkSize }) as Cut;
}

function chunksOf(start: number, end: number, step: number, chunkSize?: number): RangeChunk[] {
  return Array.from(cut(start, end, step, chunkSize).chunks as Iterable<RangeChunk>);
}

function read(chunk: RangeChunk): Batch[] {
  return Array.from(range.read(chunk) as Iterable<Batch>);
}

function countOf(start: number, end: number, step: number): number {
  return (rangeSource(start, end, step).identity as { count: number }).count;
}

function numbersOf(chunks: readonly RangeChunk[]): unknown[] {
  return chunks.flatMap((chunk) => read(chunk).flatMap(({ records }) => Array.from(records)));
}

function naive(start: number, end: number, step: number): number[] {
  const numbers = [];
  for (let i = 0; step > 0 ? start + i * step < end : start + i * step > end; i += 1)
    numbers.push(start + i * step);
  return numbers;
}

describe('range', () => {
  it('has chunks of whole units, unless their size is given', () => {
    const sizes = (options: ChunkOptions): number[] => {
      const { chunks } = rangeSource(0, 3000, 1).cut(options) as Cut;
      return Array.from(chunks as Iterable<RangeChunk>, ({ count }) => count);
    };
    expect(new Set(sizes({}))).toEqual(new Set([3]));
    expect(new Set(sizes({ unit: 2 }))).toEqual(new Set([4]));
    expect(sizes({ unit: 1400 })).toEqual([1400, 1400, 200]);
    expect(new Set(sizes({ unit: 7, chunkSize: 5 }))).toEqual(new Set([5]));
  });

  it('holds the integers of a naive loop, whatever the chunks', () => {
    const integer = fc.integer({ min: -300, max: 300 });
    const step = fc.integer({ min: -7, max: 7 }).filter((n) => n !== 0);
    const size = fc.option(fc.integer({ min: 1, max: 700 }), { nil: undefined });
    fc.assert(
      fc.property(integer, integer, step, size, (start, end, step, chunkSize) => {
        expect(numbersOf(chunksOf(start, end, step, chunkSize))).toEqual(naive(start, end, step));
      }),
    );
  });

  it('holds the fractions of a naive loop, and none at or past the end', () => {
    const fraction = fc.integer({ min: -100, max: 100 }).map((n) => n / 10);
    fc.assert(
      fc.property(
        fraction,
        fraction,
        fc.constantFrom(0.1, -0.1, 0.3, 0.7, 1e-2, -2.5),
        (start, end, step) => {
          expect(numbersOf(chunksOf(start, end, step, 7))).toEqual(naive(start, end, step));
        },
      ),
    );
    expect(countOf(1, 1.3, 0.1)).toBe(3);
  });

  it('counts rightly where doubles are far apart', () => {
    expect(countOf(2 ** 53, 2 ** 53 + 4, 1)).toBe(naive(2 ** 53, 2 ** 53 + 4, 1).length);
    expect(countOf(-1e308, 1e308, 1e307)).toBe(naive(-1e308, 1e308, 1e307).length);
    expect(countOf(0, Number.MAX_SAFE_INTEGER, 1)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('knows its count and its chunks without making numbers', () => {
    const { chunks, count } = cut(0, 1e12, 1);
    expect(count).toBe(Math.ceil(1e12 / 2 ** 20));
    const [first] = chunks as Iterable<RangeChunk>;
    expect(first).toEqual({ kind: 'range', start: 0, step: 1, first: 0, count: 2 ** 20 });
    expect(chunksOf(0, 10_000, 1)).toHaveLength(1000);
    expect(chunksOf(5, 5, 1)).toEqual([]);
  });

  it('gives its chunks again when it is asked again', () => {
    const { chunks } = cut(0, 10, 3, 2);
    expect(Array.from(chunks as Iterable<RangeChunk>)).toEqual(Array.from(chunks as Iterable<RangeChunk>));
  });

  it('comes in batches of at most 4096, located by index', () => {
    const batches = read({ kind: 'range', start: 5, step: 2, first: 100, count: 10_000 });
    expect(batches.map(({ records }) => records.length)).toEqual([4096, 4096, 1808]);
    expect(batches[1]!.records[3]).toBe(5 + (100 + 4096 + 3) * 2);
    expect(batches[1]!.locate(3)).toEqual({ index: 100 + 4096 + 3 });
  });

  it.each([
    [NaN, 1, 1, 'Expected "start" to be a finite number, got NaN (number)'],
    [0, Infinity, 1, 'Expected "end" to be a finite number, got Infinity (number)'],
    [0, '3', 1, `Expected "end" to be a finite number, got '3' (string)`],
    [0, 1, 0, 'Expected "step" to be a finite number other than 0, got 0 (number)'],
    [0, 1e300, 1, 'range(0, 1e+300, 1) has more than 9007199254740991 numbers'],
    [1e300, 2e300, 1, 'has more than 9007199254740991 numbers'],
  ])('refuses range(%s, %s, %s)', (start, end, step, message) => {
    const make = (): unknown => rangeSource(start, end as number, step);
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });
});
