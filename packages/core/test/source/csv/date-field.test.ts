import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateOf } from '../../../src/source/csv/date-field.js';

describe('a date of a field', () => {
  it.each([
    ['2024-05-01', '2024-05-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0099-12-31', '0099-12-31T00:00:00.000Z'],
    ['2024-05-01 12:30', '2024-05-01T12:30:00.000Z'],
    ['2024-05-01T12:30:59Z', '2024-05-01T12:30:59.000Z'],
    ['2024-05-01T12:30:59.123456Z', '2024-05-01T12:30:59.123Z'],
    ['2024-05-01 12:30:59,5+02', '2024-05-01T10:30:59.500Z'],
    ['2024-05-01 12:30:59 -0330', '2024-05-01T16:00:59.000Z'],
    ['2024-05-01T12:30:59.9-03:30', '2024-05-01T16:00:59.900Z'],
    ['2024-01-01t00:30z', '2024-01-01T00:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(dateOf(text)).toISOString()).toBe(expected);
  });

  it.each([
    '', '2024', '2024-13-01', '2024-00-01', '2023-02-29', '2024-04-31', '2024-05-00', '2024-5-1', '05/01/2024',
    '2024-05-01 24:00', '2024-05-01 12:60', '2024-05-01 12:00:60', '2024-05-01 12', '2024-05-01 12:00+25',
    '2024-05-01 12:00+01:75', '2024-05-01x', 'now', '1714521600000',
  ])('%p is none', (text) => {
    expect(dateOf(text)).toBeNaN();
  }); // prettier-ignore

  it('reads what toISOString writes', () => {
    const dates = fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(dates, (date) => expect(dateOf(date.toISOString())).toBe(date.getTime())));
  });
});
