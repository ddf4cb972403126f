import { describe, expect, it } from '@jest/globals';
import { compileFunction, functionText } from '../../src/plan/function-text.js';

const again = (fn: (x: never) => unknown): unknown => compileFunction(functionText('map', fn))(4 as never);

const names = ['a', 'b'];

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
    [
      'an arrow that begins as a class does',
      compileFunction({ source: 'class$ => class$ * 2', site: undefined }) as (x: number) => unknown,
    ],
    [
      'a method named class',
      {
        class(x: number) {
          return x * 2;
        },
      }.class,
    ],
    [
      'a method named by a symbol',
      {
        [Symbol.iterator](x: number) {
          return x * 2;
        },
      }[Symbol.iterator],
    ],
    [
      'a method whose name is computed from what it closes over',
      {
        [names[0]! + "](x) { return ']'; }"](x: number) {
          return [x * 2][0];
        },
      }["a](x) { return ']'; }"]!,
    ],
    ['a getter', Object.getOwnPropertyDescriptor({ get double() { return 8; } }, 'double')!.get!], // prettier-ignore
  ])('builds %s again', (_, fn) => {
    expect(again(fn)).toBe(8);
  });

  it('builds generators and asynchronous methods with computed names again', async () => {
    const methods = {
      *[names[0]!](x: number) {
        yield x * 2;
      },
      async [names[1]!](x: number) {
        return x * 2;
      },
    };
    expect([...(again(methods.a!) as Iterable<number>)]).toEqual([8]);
    expect(await again(methods.b!)).toBe(8);
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
