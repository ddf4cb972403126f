import { describe, expect, it } from '@jest/globals';
import { csvPart, type CsvLayout } from '../../../src/task/sinks/csv-part.js';

const written = (records: readonly unknown[], more: Partial<CsvLayout> = {}): string => {
  const layout = { header: true, delimiter: ',', quote: '"', columns: undefined, nulls: '', ...more };
  const encoder = csvPart(layout).open();
  return records.map((record) => encoder.encode(record)).join('');
};

describe('a part of CSV', () => {
  it.each<[string, readonly unknown[], Partial<CsvLayout>, string]>([
    ['values of all kinds', [{ s: 'é', n: -0, i: 12n, b: true, d: new Date(0), z: null, u: undefined }], {}, 's,n,i,b,d,z,u\né,-0,12,true,1970-01-01T00:00:00.000Z,,\n'],
    ['texts that need quotes', [{ a: '', b: 'x,"y"', c: 'l\nm', d: ' ', e: '\r', f: "'" }], {}, 'a,b,c,d,e,f\n"","x,""y""","l\nm", ,"\r",\'\n'],
    ['numbers that are none', [{ a: NaN, b: -Infinity, c: 1e21 }], {}, 'a,b,c\nNaN,-Infinity,1e+21\n'],
    ['columns by name', [{ a: 1, b: 2 }, { b: 3 }], { columns: ['b', 'a'] }, 'b,a\n2,1\n3,\n'],
    ['arrays', [['x', 1], ['y', 2]], { columns: ['word', 'n'], delimiter: '\t' }, 'word\tn\nx\t1\ny\t2\n'],
    ['no header', [{ a: 1 }, { a: 2 }], { header: false }, '1\n2\n'],
    ['null by another text', [{ a: null, b: 'NA', c: '' }], { nulls: 'NA' }, 'a,b,c\nNA,"NA",""\n'],
    ['names that need quotes', [{ 'sep=;': 1, 'a,b': 2 }], {}, '"sep=;","a,b"\n1,2\n'],
    ['texts that say nothing behind the first line, or beside others', [{ a: 'sep=;', b: 1 }, { a: 'sep=', b: 1 }], { header: false }, '"sep=;",1\n"sep=",1\n'],
    ['another quote', [{ a: "it's", b: '"' }], { quote: "'" }, 'a,b\n\'it\'\'s\',"\n'],
  ])('has %s', (_, records, layout, expected) => {
    expect(written(records, layout)).toBe(expected);
  }); // prettier-ignore

  it.each<[string, readonly unknown[], Partial<CsvLayout>, RegExp]>([
    ['a text', ['x'], {}, /^writeCsv takes objects, or arrays where columns are named, not 'x'/],
    ['null', [null], {}, /not null$/],
    ['an array without names', [[1]], {}, /^a record that is an array has no names: give columns/],
    ['an object without keys', [{}], {}, /^a record without keys has no columns/],
    ['a key more', [{ a: 1 }, { a: 1, b: 2 }], {}, /^record.b would be lost: the columns are those of the first record, a;/],
    ['a value more', [[1, 2]], { columns: ['a'] }, /^a record has 2 values, and there are 1 columns$/],
    ['an object in a row', [{ a: { b: 1 } }], {}, /^record.a is \{ b: 1 \}, for which CSV has no field/],
    ['an invalid date', [{ a: new Date(NaN) }], {}, /^record.a is Invalid Date/],
    ['a lone surrogate', [{ a: '\ud800' }], {}, /^record.a holds a lone surrogate/],
    ['a column that would say what separates fields', [{ 'sep=;': 1 }], {}, /^a first line "sep=;" would be no row.*: rename the column$/],
    ['a first row that would say so', [{ a: 'SEP=|' }], { header: false }, /^a first line "SEP=\|" .*: give header: true$/],
    ['a column whose name has a lone surrogate', [{ '\ud800': 1 }], {}, /^the name of a column holds a lone surrogate/],
    ['a row that would be blank', [{ a: null }], {}, /^a row of one column that is null would be a blank line/],
  ])('refuses %s', (_, records, layout, message) => {
    expect(() => written(records, layout)).toThrow(message);
  }); // prettier-ignore
});
