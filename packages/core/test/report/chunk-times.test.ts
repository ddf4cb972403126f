import { expect, it } from '@jest/globals';
import { ChunkTimes } from '../../src/report/chunk-times.js';

it('tells quantiles within 1 %, and the extremes as they are', () => {
  const times = new ChunkTimes();
  // In no order: 7919 is prime.
  for (let i = 0; i < 1000; i += 1)
    times.add((((i * 7919) % 1000) + 1) / 1000, () => ({ chunk: i, records: 1 }));
  const { min, median, p95, max } = times.summary();
  expect([min, max]).toEqual([0.001, 1]);
  expect(Math.abs(median / 0.5 - 1)).toBeLessThan(0.011);
  expect(Math.abs(p95 / 0.95 - 1)).toBeLessThan(0.011);
  expect(times.count).toBe(1000);
  expect(times.total).toBeCloseTo(500.5);
});

it('describes the ten slowest only, the slowest first', () => {
  const times = new ChunkTimes();
  let described = 0;
  for (let chunk = 0; chunk < 30; chunk += 1) {
    times.add(30 - chunk, () => {
      described += 1;
      return { chunk, records: chunk };
    });
  }
  expect(times.slowest.map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(times.slowest[3]).toEqual({ chunk: 3, seconds: 27, records: 3 });
  expect(described).toBe(10);
});

it('is all zeros of nothing, and tells of a single chunk as it is', () => {
  const times = new ChunkTimes();
  expect(times.summary()).toEqual({ min: 0, median: 0, p95: 0, max: 0 });
  times.add(0.25, () => ({ chunk: 0, records: 1 }));
  expect(times.summary()).toEqual({ min: 0.25, median: 0.25, p95: 0.25, max: 0.25 });
});
