import { describe, expect, it } from '@jest/globals';
import { SourceError } from '../../../src/errors.js';
import { partitionName } from '../../../src/plan/partition-name.js';
import type { ColumnType } from '../../../src/source/csv/csv-format.js';
import { partitionColumns } from '../../../src/source/readers/partition-columns.js';

const valueIn = (directory: string, type: ColumnType = 'string'): unknown =>
  partitionColumns([{ name: 'c', type }])(`/data/${directory}/part-00000.csv`)[0]![1];

describe('the columns of directories', () => {
  it.each<[unknown, ColumnType, unknown?]>([
    ['de', 'string'],
    ['a/b=c%d"e:f?g', 'string'],
    ['Zürich · 東京', 'string'],
    ['100%', 'string'],
    [null, 'string'],
    ['', 'string', null],
    [undefined, 'number', null],
    [-1.5e-7, 'number'],
    [Infinity, 'number'],
    [12345678901234567890n, 'bigint'],
    [true, 'boolean'],
    [false, 'boolean'],
    [new Date(1.7e12), 'date'],
    [null, 'date'],
  ])('read back %p as %s', (value, type, expected = value) => {
    expect(valueIn(partitionName('c', value), type)).toEqual(expected ?? null);
  });

  it('take the directories nearest to the file, and names that are escaped', () => {
    const of = partitionColumns([
      { name: 'year', type: 'number' },
      { name: 'a b', type: 'string' },
    ]);
    expect(of('/year=1/x/a%20b=1/year=2/f.csv')).toEqual([
      ['year', 2],
      ['a b', '1'],
    ]);
    expect(valueIn('c=Z%C3%BCrich')).toBe('Zürich');
    expect(valueIn('c=%E9')).toBe('é');
  });

  it.each([
    ['x', 'string', 'its path has no directory such as country=de'],
    ['d=1', 'string', 'known are "d"'],
    ['c=1', 'date', '"c=1", which is not a date such as'],
    ['c=1.5', 'bigint', 'which is not an integer'],
    ['c=yes', 'boolean', 'which is not true or false'],
    ['c=one', 'number', 'which is not a number'],
  ] as const)('of %s as %s are refused', (directory, type, message) => {
    const read = (): unknown => valueIn(directory, type);
    expect(read).toThrow(SourceError);
    expect(read).toThrow(message);
  });
});
