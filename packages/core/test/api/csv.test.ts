import { describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';
import { csv } from '../../src/api/csv.js';
import type { CsvOptions } from '../../src/api/csv-options.js';
import type { Dataset } from '../../src/api/dataset.js';
import { OptionError } from '../../src/errors.js';
import { recordCall } from '../../src/plan/job-call.js';
import { addJob } from '../../src/plan/job-table.js';

const thrown = (call: () => unknown): OptionError => {
  try {
    call();
  } catch (error) {
    return error as OptionError;
  }
  throw new Error('Nothing was thrown');
};

describe('csv', () => {
  it.each([
    [{ heder: true }, /^Unknown option "heder" of csv: did you mean "header"\?$/, 'heder'],
    [{ header: 'yes' }, /^Expected "header" to be a boolean, got 'yes' \(string\)$/, 'header'],
    [{ header: false }, /^Without a header the columns must be named, in their order/, 'columns'],
    [{ columns: [] }, /^Expected "columns" to be an array of different names, or an object/, 'columns'],
    [{ columns: ['a', 'a'] }, /^Expected "columns" to be an array of different names/, 'columns'],
    [{ columns: {} }, /^Expected "columns"/, 'columns'],
    [{ columns: 'a' }, /^Expected "columns"/, 'columns'],
    [{ columns: { a: 'nubmer' } }, /^Expected "columns.a" to be one of "string", "number", .*: did you mean "number"\?, got 'nubmer'/, 'columns.a'],
    [{ columns: { a: 'tally' } }, /"boolean", "date", got 'tally'/, 'columns.a'],
    [{ columns: { a: Number } }, /^Expected "columns.a" to be one of "string", "number", "bigint", "boolean", "date", got/, 'columns.a'],
    [{ header: false, columns: { b: 'string', 1: 'number' } }, /^Without a header the order of "columns" counts, and an object does not keep that of "1"/, 'columns'],
    [{ delimiter: ';;' }, /^Expected "delimiter" to be one character of ASCII/, 'delimiter'],
    [{ delimiter: '' }, /^Expected "delimiter"/, 'delimiter'],
    [{ delimiter: '1' }, /^Expected "delimiter"/, 'delimiter'],
    [{ delimiter: '\n' }, /^Expected "delimiter"/, 'delimiter'],
    [{ delimiter: '§' }, /^Expected "delimiter"/, 'delimiter'],
    [{ delimiter: '"' }, /^"delimiter" and "quote" are both "\\""$/, 'quote'],
    [{ comment: ',' }, /^"delimiter" and "comment" are both ","$/, 'comment'],
    [{ quote: true }, /^Expected "quote" to be one character of ASCII, such as "'", or false, got true/, 'quote'],
    [{ decimal: ';' }, /^Expected "decimal" to be "." or ","/, 'decimal'],
    [{ nulls: 'NA' }, /^Expected "nulls" to be an array of texts, got 'NA'/, 'nulls'],
    [{ multiline: 1 }, /^Expected "multiline" to be a boolean/, 'multiline'],
    [{ ragged: 'skip' }, /^Expected "ragged" to be "fail" or "fill", got 'skip'/, 'ragged'],
    [{ encoding: 'utf-16le' }, /^Expected "encoding" to be the label of an encoding/, 'encoding'],
    [{ encoding: 'big5', delimiter: '|' }, /^In big5 "\|" may be a part of another character/, 'delimiter'],
    [{ schema: 5 }, /^Expected "schema" to be a schema/, 'schema'],
    [null, /^Expected csv to be given an object of options, got null$/, 'csv'],
  ])('refuses the options %p', (options, message, option) => {
    const error = thrown(() => csv('a.csv', options as never));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(message);
    expect(error.option).toBe(option);
  }); // prettier-ignore

  it('refuses what is no path, as textLines does', () => {
    expect(thrown(() => csv(5 as never)).message).toMatch(/^Expected "paths" to be a path, a glob/);
  });

  it('takes a schema in a job only', () => {
    const schema = z.object({ a: z.string() });
    expect(thrown(() => csv('a.csv', { schema })).message).toContain('csv(paths, { schema })');
    const job = addJob({ module: 'test:csv', build: () => undefined, rebuild: () => [] });
    const call = { job, arguments: [], functions: [] };
    recordCall(call, () => csv('a.csv', { schema }));
    expect(call.functions).toHaveLength(1);
  });

  it('types its rows by its columns', () => {
    const typed = csv('a.csv', {
      columns: { station: 'string', temperature: 'number', id: 'bigint', ok: 'boolean', at: 'date' },
    });
    expectTypeOf(typed).toEqualTypeOf<
      Dataset<{ station: string; temperature: number; id: bigint; ok: boolean; at: Date }>
    >();
    expectTypeOf(csv('a.csv')).toEqualTypeOf<Dataset<Record<string, string>>>();
    expectTypeOf(csv<{ a: string }>('a.csv')).toEqualTypeOf<Dataset<{ a: string }>>();
    expectTypeOf(csv('a.csv', { nulls: [''] })).toEqualTypeOf<Dataset<Record<string, string | null>>>();
    expectTypeOf(csv('a.csv', { columns: ['a', 'b'] })).toEqualTypeOf<Dataset<{ a: string; b: string }>>();
    expectTypeOf(csv('a.csv', { columns: { n: 'number' }, nulls: [''] })).toEqualTypeOf<
      Dataset<{ n: number | null }>
    >();
    expectTypeOf(csv('a.csv', { columns: { n: 'number' }, ragged: 'fill' })).toEqualTypeOf<
      Dataset<{ n: number | null }>
    >();
    const schema = z.object({ n: z.string().transform(Number) });
    const checked = (): Dataset<{ n: number }> => csv('a.csv', { schema });
    expect(checked).toThrow(OptionError);
    const options: CsvOptions = { delimiter: ';' };
    expectTypeOf(csv('a.csv', options)).toEqualTypeOf<Dataset<Record<string, string>>>();
  });
});
