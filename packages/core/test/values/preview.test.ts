import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { preview } from '../../src/values/preview.js';
import { hostile } from './hostile.js';

describe('preview', () => {
  it.each<[unknown, string]>([
    ['text', "'text'"],
    [-0, '-0'],
    [10n, '10n'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [{ a: 1, 'b c': [true, null] }, "{ a: 1, 'b c': [ true, null ] }"],
    [[], '[]'],
    [{}, '{}'],
    [new Map([['k', new Set([1])]]), "Map(1) { 'k' => Set(1) { 1 } }"],
    [{ a: { b: { c: { d: 1 } } } }, '{ a: { b: { c: { ... } } } }'],
    [new (class Point { x = 1 })(), 'Point { x: 1 }'], // prettier-ignore
    [Object.create(null), '[Object: null prototype] {}'],
    [new TypeError('bad\nthing'), '[TypeError: bad\\nthing]'],
    [function named() {}, '[Function: named]'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [/x/g, '/x/g'],
    [Array.from({ length: 30 }, () => 1), `[ ${'1, '.repeat(20)}... 10 more ]`],
    [Uint8Array.of(1, 2), 'Uint8Array(2) [ 1, 2 ]'],
  ])('renders %p on one line', (value, text) => {
    expect(preview(value)).toBe(text);
  });

  it('runs no getter and no custom inspection', () => {
    let ran = false;
    const value = {
      get lazy() {
        return (ran = true);
      },
      [Symbol.for('nodejs.util.inspect.custom')]: () => {
        ran = true;
        return 'custom';
      },
    };
    expect(preview(value)).toBe('{ lazy: [Getter] }');
    expect(ran).toBe(false);
  });

  it('escapes what a terminal would obey', () => {
    const text = preview('\x1b[31mred\x07 \u202eabc\u2066 \u0085 \ud800 end');
    expect(text).toMatch(/^'\\x1b\[31mred/i);
    expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
    expect(preview({ '\x1b[2J': '\x1b' })).not.toContain('\x1b');
    expect(preview(new Error('\x1b[2J'))).not.toContain('\x1b');
  });

  it('looks only at the beginning of what is huge', () => {
    const huge = [
      Array(1e7).fill(1),
      'x'.repeat(1e8),
      new Float64Array(1e6),
      new Map(
        Array(1e5)
          .fill(0)
          .map((_, i) => [i, i]),
      ),
    ];
    for (const value of huge) expect(preview(value).length).toBeLessThanOrEqual(200);
    expect(preview({ length: 1e9 })).toBe('{ length: 1000000000 }');
    expect(preview('abc'.repeat(100), 20)).toHaveLength(20);
  });

  it('does not cut a surrogate pair', () => {
    expect(preview('💚'.repeat(50), 10)).not.toMatch(/\p{Surrogate}/u);
  });

  it('never throws, and keeps to its limit (property)', () => {
    for (const value of hostile()) expect(typeof preview(value)).toBe('string');
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true }),
        fc.integer({ min: 1, max: 300 }),
        (value, limit) => {
          const text = preview(value, limit);
          expect(text.length).toBeLessThanOrEqual(limit);
          expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]|\p{Surrogate}/u);
        },
      ),
    );
  });
});
