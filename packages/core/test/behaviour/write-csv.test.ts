import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csv, from, OptionError, range, TaskError } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();

const texts = fc.string({
  unit: fc.constantFrom('a', ' ', ',', ';', '"', '\n', '\r\n', '\r', 'é', '😀', '\0', '#'),
  maxLength: 6,
});
const row = fc.record({
  s: fc.option(texts),
  n: fc.option(fc.double({ noNaN: true })),
  i: fc.option(fc.bigInt()),
  b: fc.option(fc.boolean()),
  d: fc.option(fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })),
});
const columns = { s: 'string', n: 'number', i: 'bigint', b: 'boolean', d: 'date' } as const;

describe('writeCsv', () => {
  it('writes what csv reads back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t'),
        async (rows, delimiter) => {
          const written = await from(rows)
            .writeCsv(shared.fresh(), { delimiter })
            .run(shared.options(1, { chunkSize: 7 }));
          expect(written.records).toBe(rows.length);
          const read = csv(written.files, { delimiter, columns, nulls: [''], multiline: true });
          expect(await read.toArray().run(shared.options(1))).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([0, 1, 2])('writes parts of the same names and bytes in %d processes', async (processes) => {
    const directory = shared.fresh();
    const rows = range(5000).map((n) => ({ key: `k${n % 7}`, n, half: n / 2 }));
    const options = { gzip: true, extension: '.tsv', delimiter: '\t' };
    const { files, records } = await rows
      .writeCsv(directory, options)
      .run(shared.options(processes, { chunkSize: 1000 }));
    expect(records).toBe(5000);
    expect((await readdir(directory)).sort()).toEqual([
      '_SUCCESS',
      ...[0, 1, 2, 3, 4].map((i) => `part-0000${i}.tsv.gz`),
    ]);
    const read = csv(files, { delimiter: '\t', columns: { n: 'number', half: 'number' } });
    expect(await read.toArray().run(shared.options(processes))).toEqual(
      Array.from({ length: 5000 }, (_, n) => ({ n, half: n / 2 })),
    );
  });

  it('writes pairs where their columns are named, and replaces its earlier output', async () => {
    const directory = shared.fresh();
    const counts = from(['a', 'b', 'a']).countByValue().sortBy(([word]) => word); // prettier-ignore
    for (const overwrite of [false, true]) {
      await counts.writeCsv(directory, { columns: ['word', 'n'], overwrite }).run(shared.options(1));
    }
    expect(await readFile(join(directory, 'part-00000.csv'), 'utf8')).toBe('word,n\na,2\nb,1\n');
  });

  it('names the record that it cannot write, or leaves it out', async () => {
    const rows = from([{ a: 1 }, { a: [2] }, { a: 3 }]);
    const error = await caught(rows.writeCsv(shared.fresh()).run(shared.options(1)));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toContain(
      'writeCsv threw TypeError: record.a is [ 2 ], for which CSV has no field',
    );
    expect(error).toMatchObject({ index: 1 });
    const { records } = await rows.writeCsv(shared.fresh()).run(shared.options(1, { onError: 'skip' }));
    expect(records).toBe(2);
  });

  it.each([
    [{ delimeter: ';' }, 'Unknown option "delimeter" of writeCsv: did you mean "delimiter"?'],
    [{ delimiter: '' }, 'Expected "delimiter" to be one character'],
    [{ quote: ',' }, '"delimiter" and "quote" are both ","'],
    [{ columns: [] }, 'Expected "columns" to be an array of different names'],
    [{ nulls: 'a,b' }, '"nulls" would need quotes'],
    [{ extension: 'csv' }, 'Expected "extension" to be a dot and letters or digits, such as ".tsv"'],
    [{ extension: './x' }, 'Expected "extension"'],
    [{ extension: '.csv.gz' }, 'and none of compression (which gzip: true adds)'],
  ])('refuses %p at the call', (options, message) => {
    expect(() => from([{ a: 1 }]).writeCsv('x', options as never)).toThrow(OptionError);
    expect(() => from([{ a: 1 }]).writeCsv('x', options as never)).toThrow(message);
  });
});
