import { expect, it } from '@jest/globals';
import { PaceOfRun } from '../../src/report/pace-of-run.js';

it('knows nothing before the first chunk', () => {
  expect(new PaceOfRun(3).eta(10, 20)).toBeUndefined();
});

it('guesses one time where the pace is even', () => {
  const pace = new PaceOfRun(100);
  for (let i = 1; i <= 20; i += 1) pace.add(1, 100 + i);
  expect(pace.eta(30, 120)).toEqual({ min: 30, max: 30 });
});

it('guesses between the pace of all and that of the last seconds', () => {
  const pace = new PaceOfRun(0);
  for (let i = 1; i <= 10; i += 1) pace.add(10, i);
  // From here on a tenth as fast.
  for (let i = 11; i <= 20; i += 1) pace.add(1, i);
  const { min, max } = pace.eta(110, 20)!;
  expect(min).toBeCloseTo(20);
  expect(max).toBeCloseTo(110);
});
