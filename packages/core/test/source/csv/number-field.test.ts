import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { slowNumber } from '../../../src/source/csv/number-field.js';
import { fastNumber } from '../../../src/source/scan/decimal.js';

const POINT = 46;
const numberOf = (text: string, decimal: '.' | ',' = '.'): number | undefined => {
  const bytes = Buffer.from(text);
  const fast = fastNumber(bytes, 0, bytes.length, decimal.charCodeAt(0));
  return Number.isNaN(fast) ? slowNumber(text, decimal) : fast;
};

describe('a number of a field', () => {
  it('is the one that Number reads, to the bit', () => {
    const digits = fc.stringMatching(/^[+-]?\d{0,20}(\.\d{0,20})?([eE][+-]?\d{1,3})?$/);
    fc.assert(
      fc.property(fc.oneof(digits, fc.double().map(String), fc.integer().map(String)), (text) => {
        const isOne = /\d/.test(text.replace(/e.*/i, '')) || /Infinity|NaN/.test(text);
        expect(numberOf(text)).toBe(isOne ? Number(text.replace(/^\+/, '')) : undefined);
      }),
      { numRuns: 5000 },
    );
  });

  it('is read without a text of its own where it is a plain decimal of up to 15 digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+-]?\d{1,8}(\.\d{0,7})?$/), (text) => {
        const bytes = Buffer.from(`x${text}y`);
        expect(fastNumber(bytes, 1, bytes.length - 1, POINT)).toBe(Number(text));
      }),
    );
  });

  it.each([
    ['-0', -0],
    [' 12 ', 12],
    ['5.', 5],
    ['.5', 0.5],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['NaN', NaN],
    ['nan', NaN],
    ['9007199254740993', 9007199254740992],
    ['0.1234567890123456789', 0.12345678901234568],
  ])('%p is %p', (text, expected) => {
    expect(numberOf(text)).toBe(expected);
  });

  it.each([
    '',
    '-',
    '.',
    '+.',
    '1e',
    '1,5',
    '1.2.3',
    '0x10',
    '1_000',
    '1 000',
    'abc',
    '١',
    '--1',
    'infin',
    '1n',
  ])('%p is none', (text) => {
    expect(numberOf(text)).toBeUndefined();
  });

  it('has a comma where it is to', () => {
    expect(numberOf('-12,5', ',')).toBe(-12.5);
    expect(numberOf('1,5e3', ',')).toBe(1500);
    expect(numberOf('1.5', ',')).toBeUndefined();
    expect(numberOf('1.000,5', ',')).toBeUndefined();
    expect(numberOf('7', ',')).toBe(7);
  });
});
