import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonLine } from '../../../src/task/sinks/json-line.js';

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}

describe('a line of JSON', () => {
  it('is what JSON.stringify writes, for every value that JSON can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(jsonLine(value))).toStrictEqual(value);
      }),
    );
  });

  it.each([
    [new Point(1, 2), '{"x":1,"y":2}'],
    [{ toJSON: () => ['x'] }, '["x"]'],
    ['a\nb', '"a\\nb"'],
    ['\ud800', '"\\ud800"'],
    [null, 'null'],
    [-0, '-0'],
    [{ a: [0, -0, '-0', { b: -0 }] }, '{"a":[0,-0,"-0",{"b":-0}]}'],
    [{ toJSON: () => [-0] }, '[-0]'],
  ])('of %p is %s', (record, line) => {
    expect(jsonLine(record)).toBe(line);
  });

  it.each([
    [undefined, 'record is undefined'],
    [{ a: 1, b: undefined }, 'record.b is undefined'],
    [new Date(0), 'record is a Date'],
    [{ rows: [{ at: new Date(0) }] }, 'record.rows[0].at is a Date'],
    [NaN, 'record is NaN'],
    [{ total: 10n }, 'record.total is a bigint'],
    [{ rows: [{ 'a b': Infinity }] }, 'record.rows[0]["a b"] is Infinity'],
    [[1, undefined], 'record[1] is undefined'],
    // eslint-disable-next-line no-sparse-arrays
    [[1, , 2], 'record[1] is undefined'],
    [{ handler: () => 1 }, 'record.handler is a function'],
    [{ id: Symbol('x') }, 'record.id is a symbol'],
    [{ tags: new Set(['a']) }, 'record.tags is an instance of Set'],
    [new Map(), 'record is an instance of Map'],
    [{ bytes: new Uint8Array(2) }, 'record.bytes is an instance of Uint8Array'],
    [{ error: new TypeError('x') }, 'record.error is an instance of TypeError'],
    [{ at: new Date(NaN) }, 'record.at is an invalid date'],
    [{ toJSON: () => [undefined] }, 'record[0] is undefined'],
    [{ toJSON: () => ({ n: NaN }) }, 'record.n is NaN'],
  ])('refuses %p, naming the path', (record, message) => {
    expect(() => jsonLine(record)).toThrow(`${message}, which JSON would lose`);
  });

  it('hands on what JSON.stringify says of a circle, and what toJSON throws', () => {
    const circle: Record<string, unknown> = {};
    circle.self = [circle, circle];
    expect(() => jsonLine(circle)).toThrow(/circular/);
    const boom = new Error('boom');
    const hostile = {
      toJSON() {
        throw boom;
      },
    };
    expect(() => jsonLine(hostile)).toThrow(boom);
  });
});
