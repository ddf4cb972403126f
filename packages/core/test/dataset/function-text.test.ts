import { describe, expect, it } from '@jest/globals';
import { compileFunction, functionText } from '../../src/dataset/function-text.js';

const again = (fn: (x: never) => unknown): unknown => compileFunction(functionText('map', fn))(4 as never);

describe('functionText', () => {
  it.each([
    ['an arrow', (x: number) => x * 2],
    [
      'a function',
      function (x: number) {
        return x * 2;
      },
    ],
    [
      'a method shorthand',
      {
        double(x: number) {
          return x * 2;
        },
      }.double,
    ],
    [
      'a computed method',
      {
        ['a b'](x: number) {
          return x * 2;
        },
      }['a b'],
    ],
  ])('builds %s again', (_, fn) => {
    expect(again(fn)).toBe(8);
  });

  it.each([
    ['native', Math.sqrt as never],
    ['bound', ((x: number) => x).bind(null) as never],
    ['the class Point', class Point {} as never],
  ])('refuses a %s function at once, with the remedy', (kind, fn) => {
    expect(() => functionText('map', fn)).toThrow(new RegExp(`${kind}.*defineJob`));
  });

  it('does not see what the function closed over', () => {
    const taxRate = 2;
    expect(() => again((x: number) => x * taxRate)).toThrow('taxRate is not defined');
  });
});
