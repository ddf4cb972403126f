import { describe, expect, it } from '@jest/globals';
import { decode, encode } from '../../src/transport/codec.js';

describe('encode', () => {
  it.each([
    [() => 1, 'is a function'],
    [Symbol('s'), 'is a symbol'],
    [Promise.resolve(), 'is a promise'],
    [new (class Point {})(), 'is an instance of Point'],
  ])('refuses %p and names its path', (value, why) => {
    expect(() => encode([{ handler: value }], 'result', 3)).toThrow(`result[3].handler ${why}`);
  });

  it('keeps what JSON loses', () => {
    const value = [1n, NaN, -0, undefined, new Map([['a', new Set([1])]]), new Uint8Array([1, 2]), '\ud800'];
    expect(decode(encode(value, 'input'))).toEqual(value);
  });

  it('keeps errors with their class, properties and cause, wherever they are', () => {
    class PaymentError extends TypeError {
      code = 'E_PAY';
    }
    const error = new PaymentError('no', { cause: new RangeError('why') });
    const value = { list: [1, error], map: new Map([['__proto__', error]]), set: new Set([error]) };
    const copy = decode(encode(value, 'result')) as typeof value;
    const [, again] = copy.list as [number, PaymentError];
    expect(again.constructor.name).toBe('PaymentError');
    expect(Object.prototype.toString.call(again)).toBe('[object Error]');
    expect([again.message, again.code, again.stack]).toEqual(['no', 'E_PAY', error.stack]);
    expect((again.cause as Error).message).toBe('why');
    expect(copy.map.get('__proto__')).toBe(again);
    expect([...copy.set]).toEqual([again]);
  });

  it('keeps a cycle', () => {
    const value: { self?: unknown } = {};
    value.self = value;
    const copy = decode(encode(value, 'input')) as typeof value;
    expect(copy.self).toBe(copy);
  });
});
