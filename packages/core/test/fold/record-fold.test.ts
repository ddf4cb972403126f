import { expect, it } from '@jest/globals';
import { BalancedFold } from '../../src/fold/balanced-fold.js';
import { recordFold } from '../../src/fold/record-fold.js';

const show = (a: string, b: string): string => `(${a} ${b})`;

it('gives the very tree of BalancedFold, and begins anew', () => {
  const { push, end } = recordFold(show);
  for (let n = 1; n <= 300; n += 1) {
    const expected = new BalancedFold(show);
    for (let i = 0; i < n; i += 1) {
      expected.push(`${i}`);
      push(`${i}`);
    }
    expect(end()).toEqual([expected.result()]);
  }
});

it('gives nothing of nothing, and undefined of undefined', () => {
  const { push, end } = recordFold(() => undefined);
  expect(end()).toEqual([]);
  for (const n of [1, 2, 5, 16]) {
    for (let i = 0; i < n; i += 1) push(undefined);
    expect(end()).toEqual([undefined]);
  }
});

it('goes on after an operation has thrown, for nobody takes what it had', () => {
  const { push } = recordFold((a: number, b: number) => {
    if (a + b === 3) throw new RangeError('three');
    return a + b;
  });
  push(1);
  expect(() => push(2)).toThrow('three');
});
