import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CsvColumn, CsvFormat } from '../../../src/source/csv/csv-format.js';
import { csvRows } from '../../../src/source/csv/csv-rows.js';
import { kernelOfProcess } from '../../../src/source/csv/kernel.js';
import { isBadRow } from '../../../src/source/csv/row-fault.js';
import type { Batch } from '../../../src/source/source.js';
import { temporaryFiles } from '../temporary-files.js';
import { wholeFile } from '../texts.js';
import { columnsOf, formatOf } from './formats.js';

const { write } = temporaryFiles();

interface How {
  readonly format: Partial<CsvFormat>;
  readonly blockBytes: number;
  readonly hasKernel: boolean;
  /** To find the line of a record takes long: it is looked for of one in so many. */
  readonly each: number;
}

/** The rows of a file with no header line, what was thrown, and where all that stands; -0 and NaN told apart. */
async function found(file: string, { format, blockBytes, hasKernel, each }: How): Promise<unknown[]> {
  const given = formatOf({ hasHeader: false, ...format });
  const { read, parse } = csvRows(given, undefined, { blockBytes, hasKernel });
  const all: unknown[] = [];
  try {
    const header = given.columns!.map(({ name }) => name);
    for await (const batch of read({ ...wholeFile(file, statSync(file).size), header })) {
      for (let i = 0; i < batch.records.length; i += 1) {
        const record = batch.records[i];
        if (batch.areParsed === true && isBadRow(record)) throw new Error('a fault would not be told');
        const place = i % each === 0 ? batch.locate(i) : undefined;
        all.push([isBadRow(record) ? messageOf(() => parse!(record)) : record, place]);
      }
    }
  } catch (error) {
    all.push(`thrown: ${(error as Error).message}`);
  }
  return all;
}

function messageOf(call: () => unknown): string {
  try {
    call();
    return 'no error';
  } catch (error) {
    return `fault: ${(error as Error).message}`;
  }
}

/** What is read with the kernel is what is read without it. */
async function expectSame(
  file: string,
  format: Partial<CsvFormat>,
  blockBytes = 64 * 1024,
  each = 1,
): Promise<number> {
  const expected = await found(file, { format, blockBytes, each, hasKernel: false });
  const actual = await found(file, { format, blockBytes, each, hasKernel: true });
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
  return expected.length;
}

const numbers = ['0', '-0', '1', '-1', '7.5', '-99.9', '.5', '5.', '.', '-', '--1', '1-', '1.2.3', '+1', '1e3', '-1E-3', '12345.67', '1234567', '12345678', '123456789.25', '-123456789012345', '1234567890123456', '0.000001', '00000000000000000001', '99999999999999999999', '', ' 1', '1 ', '0x10', 'NaN', 'Infinity', '1,5', '"1"', '"2.5"', '"1""', '１', '1\0']; // prettier-ignore
const texts = ['', 'a', 'b', 'ab', 'NA', '"a"', '"NA"', '""', '"a,b"', '"a;b"', '"a""b"', 'a""b', 'a"b', '"a"b', '"open', 'é', '漢字', 'x\0', 'x', '\0', '#c', 'sixteen bytes it', 'seventeen bytes i', '"sixteen bytes it"', 'thirty-two bytes of text in all,', 'thirty-two bytes of text in all.', 'thirty-three bytes of text in all', '"thirty-two bytes of text in all."', '"thirty-three bytes of text in all"', 'x'.repeat(64), 'y'.repeat(65), 'z'.repeat(200), 'a\r', '\r']; // prettier-ignore
const others = ['2024-05-01', 'true', 'false', '12', '-5', 'TRUE', '12345678901234567890'];

const cell = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...numbers) },
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.constantFrom(...others) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\n', '')),
  },
);
const types = fc.constantFrom<CsvColumn['type']>(
  'string',
  'number',
  'string',
  'number',
  'bigint',
  'boolean',
  'date',
);

const files = fc
  .record({
    fields: fc.integer({ min: 1, max: 6 }),
    delimiter: fc.constantFrom(',', ';', '\t', '.'),
    decimal: fc.constantFrom('.' as const, ',' as const),
    quote: fc.constantFrom('"', "'", undefined),
    comment: fc.constantFrom('#', undefined),
    nulls: fc.constantFrom([], [''], ['NA', ''], ['0', '-1', '7.5', 'a', '12']),
    multiline: fc.boolean(),
    fills: fc.boolean(),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    isEnded: fc.boolean(),
    blockBytes: fc.constantFrom(16, 64, 256, 65_536),
  })
  .chain((style) =>
    fc.record({
      style: fc.constant(style),
      types: fc.array(types, { minLength: style.fields, maxLength: style.fields }),
      used: fc.array(fc.boolean(), { minLength: style.fields, maxLength: style.fields }),
      // Most rows are as they should be, and the same ones come again.
      pool: fc.array(fc.array(cell, { minLength: style.fields, maxLength: style.fields }), {
        minLength: 1,
        maxLength: 6,
      }),
      odd: fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 2 }),
      order: fc.array(fc.nat(), { maxLength: 40 }),
    }),
  );

describe('rows that are taken many at once', () => {
  it('has a kernel here', () => {
    expect(kernelOfProcess()).toBeDefined();
  });

  it('are those that are taken one by one, faults and places with them', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({ style, types: given, used, pool, odd, order }) => {
        const rows = [...pool, ...odd];
        const lines = order.map((n) => rows[n % rows.length]!.join(style.delimiter));
        const file = write('same.csv', lines.join(style.lineEnd) + (style.isEnded ? style.lineEnd : ''));
        const { delimiter, decimal, quote, comment, nulls, multiline, fills } = style;
        const names = given.map((type, i) => ({ name: `c${i}`, type: used[i] ? type : ('string' as const) }));
        await expectSame(
          file,
          { delimiter, decimal, quote, comment, nulls, multiline, fills, columns: names },
          style.blockBytes,
        );
      }),
      { numRuns: 300 },
    );
  });

  const twoColumns = { columns: columnsOf({ a: 'string', n: 'number' }) };
  const lines = (count: number, line: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

  it.each<[string, string, Partial<CsvFormat>]>([
    ['many texts', lines(20_000, (i) => `t${(i * 7919) % 3001},${i}`), twoColumns],
    ['more texts than a table has', lines(30_000, (i) => `t${(i * 7919) % 10_007},${i}`), twoColumns],
    ['texts that do not come again', lines(20_000, (i) => `text ${i},${i / 4}`), twoColumns],
    [
      'such texts, some of them in quotes',
      lines(20_000, (i) => (i % 3 ? `é ${i},1` : `"é, ${i}",2`)),
      twoColumns,
    ],
    [
      'such texts, and nulls',
      lines(20_000, (i) => (i % 3 ? `t ${i},1` : 'NA,NA')),
      { ...twoColumns, nulls: ['NA'] },
    ],
    ['texts that come again after others', lines(20_000, (i) => `${i < 9000 ? i : i % 5},1`), twoColumns],
    ['texts in quotes', lines(9000, (i) => `"name ${i % 9}",1`), twoColumns],
    [
      'texts in quotes, and nulls',
      lines(9000, (i) => `"${i % 3 ? 'NA' : 'x'}",1`),
      { ...twoColumns, nulls: ['NA'] },
    ],
    ['long texts', lines(9000, (i) => `${'x'.repeat(30 + (i % 5))},1`), twoColumns],
    ['numbers in quotes', lines(9000, (i) => `a,"${i}.5"`), twoColumns],
    ['long numbers', lines(9000, (i) => `a,${i}.${'1234567'.repeat(i % 4)}`), twoColumns],
    ['rows with a field too many', lines(9000, (i) => (i % 4 ? 'a,1' : 'a,1,2')), twoColumns],
    ['rows that lack a field', lines(9000, (i) => (i % 2 ? 'a,1' : 'a')), { ...twoColumns, fills: true }],
    ['lines within quotes', lines(9000, (i) => `"a\n${i % 7}",${i}`), { ...twoColumns, multiline: true }],
    [
      'blank lines and comments',
      lines(9000, (i) => ['a,1', '', '#', '\r'][i % 4]!),
      { ...twoColumns, comment: '#' },
    ],
    ['a line as long as all memory', `${'x'.repeat(700_000)},1\n${lines(2000, () => 'a,1')}`, twoColumns],
    ['more columns than a kernel takes', lines(50, () => Array.from({ length: 40 }, (_, i) => i).join()), { columns: columnsOf(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${i}`, 'number']))) }], // prettier-ignore
    ['fields of all types', lines(5000, (i) => `${i}n,${i % 2 === 0},2024-05-01,${i},x`.replace('n', '')), { columns: columnsOf({ a: 'bigint', b: 'boolean', c: 'date', d: 'number', e: 'string' }) }], // prettier-ignore
  ])('are those that are taken one by one: %s', async (_, text, format) => {
    const file = write('many.csv', text);
    expect(await expectSame(file, format, undefined, 97)).toBeGreaterThan(40);
    await expectSame(file, format, 1000, 97);
  });

  it.each([
    ['two files by turns', false],
    ['two files by turns, by one reader', true],
  ])('are right where somebody reads %s', async (_, isOne) => {
    const one = write(
      'one.csv',
      lines(9000, (i) => `o${i % 50},${i}`),
    );
    const two = write(
      'two.csv',
      lines(9000, (i) => (isOne ? `t${i % 60},${i}` : `${i},t${i % 60}`)),
    );
    const format = isOne ? twoColumns : { columns: columnsOf({ n: 'number', a: 'string' }) };
    const first = csvRows(formatOf({ hasHeader: false, ...twoColumns }));
    const second = isOne ? first : csvRows(formatOf({ hasHeader: false, ...format }));
    const readers = [first, second].map(({ read }, k) => {
      const file = [one, two][k]!;
      const batches = read({ ...wholeFile(file, statSync(file).size), header: [] }) as Iterable<Batch>;
      return batches[Symbol.iterator]();
    });
    const rows: unknown[][] = [[], []];
    for (let turn = 0; rows.flat().length < 18_000; turn += 1) {
      const step = readers[turn % 2]!.next();
      if (step.done !== true) rows[turn % 2]!.push(...Array.from(step.value.records));
    }
    expect(rows[0]).toEqual(Array.from({ length: 9000 }, (_, i) => ({ a: `o${i % 50}`, n: i })));
    expect(rows[1]).toEqual(Array.from({ length: 9000 }, (_, i) => ({ a: `t${i % 60}`, n: i })));
  });

  it('are taken one by one where no code may be made from text', async () => {
    const file = write(
      'code.csv',
      lines(3000, (i) => `t${i % 7},${i}`),
    );
    const { Function: Original } = globalThis;
    globalThis.Function = (() => {
      throw new EvalError('Code generation from strings disallowed for this context');
    }) as never;
    let rows: unknown[];
    try {
      rows = await found(file, { format: twoColumns, blockBytes: 65_536, hasKernel: true, each: 97 });
    } finally {
      globalThis.Function = Original;
    }
    expect(rows).toHaveLength(3000);
    expect(rows).toEqual(
      await found(file, { format: twoColumns, blockBytes: 65_536, hasKernel: false, each: 97 }),
    );
  });

  it('repeat a text as one string, with one hint', async () => {
    const file = write(
      'hints.csv',
      lines(5000, (i) => `t${i % 7},${i}`),
    );
    const { read } = csvRows(formatOf({ hasHeader: false, ...twoColumns }));
    const hints = new Map<unknown, Set<number>>();
    for await (const batch of read({ ...wholeFile(file, statSync(file).size), header: [] })) {
      for (const [i, row] of Array.from(batch.records as ArrayLike<{ a: string }>).entries()) {
        hints.set(row.a, (hints.get(row.a) ?? new Set()).add(batch.hints![i]!));
      }
    }
    expect(Array.from(hints.values(), (set) => [...set])).toEqual([[1], [2], [3], [4], [5], [6], [7]]);
  });
});
