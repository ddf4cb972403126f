import { expect, it } from '@jest/globals';
import { BalancedFold } from '../../../src/fold/balanced-fold.js';
import { Blame } from '../../../src/task/blame/blame.js';
import { stepOf } from '../../../src/task/blame/step.js';
import { RecordFold } from '../../../src/task/sinks/record-fold.js';

const blame = new Blame();
const step = stepOf('reduce', 3);
const show = (a: unknown, b: unknown): string => `(${String(a)} ${String(b)})`;

it('gives the very tree of BalancedFold, and begins anew', () => {
  const fold = new RecordFold(show, blame, step);
  for (let n = 1; n <= 300; n += 1) {
    const expected = new BalancedFold<unknown>(show);
    for (let i = 0; i < n; i += 1) {
      expected.push(`${i}`);
      fold.push(`${i}`);
    }
    expect(fold.end()).toEqual([expected.result()]);
  }
});

it('gives nothing of nothing, and undefined of undefined', () => {
  const fold = new RecordFold(() => undefined, blame, step);
  expect(fold.end()).toEqual([]);
  for (const n of [1, 2, 5, 16]) {
    for (let i = 0; i < n; i += 1) fold.push(undefined);
    expect(fold.end()).toEqual([undefined]);
  }
});

it('goes on after an operation has thrown, for nobody takes what it had', () => {
  const fold = new RecordFold(
    (a, b) => {
      if ((a as number) + (b as number) === 3) throw new RangeError('three');
      return a;
    },
    blame,
    step,
  );
  fold.push(1);
  blame.leave();
  expect(() => fold.push(2)).toThrow('three');
  expect(blame).toMatchObject({ verb: 'reduce', fn: 3 });
});
