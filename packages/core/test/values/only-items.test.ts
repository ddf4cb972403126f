import { describe, expect, it } from '@jest/globals';
import { hasNoNames, hasOnlyItems } from '../../src/values/only-items.js';

describe.each([0, 1, 5, 63, 64, 65, 1000])('an array of %i items', (length) => {
  const items = (): unknown[] => Array.from({ length }, (_, i) => (i % 2 ? i : undefined));

  it('has only items', () => {
    expect([hasNoNames(items()), hasOnlyItems(items())]).toEqual([true, true]);
  });

  it('and a name has not', () => {
    const array = Object.assign(items(), { index: 1 });
    expect([hasNoNames(array), hasOnlyItems(array)]).toEqual([false, false]);
  });

  it('and a symbol has not', () => {
    expect(hasOnlyItems(Object.assign(items(), { [Symbol('s')]: 1 }))).toBe(false);
  });

  it('and a hole has not, with a name or without', () => {
    const array = items();
    array.length = length + 1;
    expect([hasNoNames(array), hasOnlyItems(array)]).toEqual([false, false]);
    expect(hasNoNames(Object.assign(array, { index: 1 }))).toBe(false);
    array.push('behind the hole');
    expect(hasNoNames(array)).toBe(false);
  });
});
