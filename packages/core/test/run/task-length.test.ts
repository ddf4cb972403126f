import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkOptions } from '../../src/options/check-options.js';
import { collectStride, combineStride, foldStride, paceOf } from '../../src/run/task-length.js';

const settings = checkOptions({ processes: 2 });

/** The lengths of the spans that cover so many chunks which take so long each. */
function spans(count: number, secondsAChunk: number, stride = foldStride): number[] {
  const pace = paceOf(count, stride, settings);
  const lengths: number[] = [];
  for (let at = 0; at < count; at += lengths.at(-1)!) {
    lengths.push(pace.spanFrom(at));
    pace.observe({ chunks: lengths.at(-1)!, seconds: secondsAChunk * lengths.at(-1)! });
  }
  return lengths;
}

it('covers all chunks with aligned spans whose lengths are powers of two', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, seconds) => {
        let at = 0;
        const wrong: number[] = [];
        for (const length of spans(count, seconds)) {
          if (!Number.isInteger(Math.log2(length)) || at % length !== 0) wrong.push(at);
          at += length;
        }
        expect(wrong).toEqual([]);
        expect(at).toBe(count);
      },
    ),
  );
});

it('begins with one chunk, makes tasks of many quick chunks, and ends with one', () => {
  const lengths = spans(1024, 0.0001);
  expect([lengths[0], lengths.at(-1)]).toEqual([1, 1]);
  expect(Math.max(...lengths)).toBe(64);
  expect(lengths.length).toBeLessThan(100);
});

it('never makes a task of less than a millisecond, but of what is left', () => {
  expect(spans(98, 1e-6, collectStride)).toEqual([1, 97]);
  expect(spans(98, 2e-5, collectStride)).toEqual([1, 50, 47]);
});

it('gives slow chunks one by one', () => {
  expect(new Set(spans(100, 0.1))).toEqual(new Set([1]));
});

it('gives tasks that combine by key as many chunks as leave some for every process', () => {
  const lengths = spans(1024, 0.0001, combineStride);
  expect(lengths.reduce((sum, length) => sum + length)).toBe(1024);
  expect([lengths[0], lengths[1]]).toEqual([1, 255]);
  expect(lengths.length).toBeLessThan(40);
  expect(new Set(spans(100, 2, combineStride))).toEqual(new Set([1]));
});
