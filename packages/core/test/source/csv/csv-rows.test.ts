import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { SourceError } from '../../../src/errors.js';
import type { CsvFormat } from '../../../src/source/csv/csv-format.js';
import { temporaryFiles } from '../temporary-files.js';
import { batches, columnsOf, read, type How } from './formats.js';

const { write } = temporaryFiles();
const names = ['a', 'b', 'c'];

/** Rows of fields, and a way to write each down. */
const character = fc.constantFrom(
  'a',
  'Z',
  '0',
  ' ',
  'é',
  '漢',
  '😀',
  ',',
  ';',
  '\t',
  '"',
  '""',
  '\0',
  '\r',
  '#',
  "'",
  '.',
);
const field = (more: readonly string[] = []) =>
  fc
    .array(more.length === 0 ? character : fc.oneof(character, fc.constantFrom(...more)), { maxLength: 6 })
    .map((parts) => parts.join(''));
const tables = (more?: readonly string[]) =>
  fc.array(fc.tuple(field(more), field(more), field(more)), { maxLength: 8 });

interface Style {
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly isEnded: boolean;
  readonly hasBom: boolean;
  readonly quotesAll: boolean;
}
const styles: fc.Arbitrary<Style> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isEnded: fc.boolean(),
  hasBom: fc.boolean(),
  quotesAll: fc.boolean(),
});

/** Writes a table as RFC 4180 has it: what would not read back is quoted. */
function written(table: readonly (readonly string[])[], style: Style): string {
  const { delimiter, lineEnd, isEnded, hasBom, quotesAll } = style;
  const quoted = (text: string): string => {
    const isPlain = !quotesAll && !text.includes(delimiter) && !/^"|[\r\n]/.test(text) && text !== '';
    return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
  };
  const lines = table.map((fields) => fields.map(quoted).join(delimiter));
  return `${hasBom ? '\ufeff' : ''}${lines.join(lineEnd)}${isEnded ? lineEnd : ''}`;
}

const rowsOf = (table: readonly (readonly string[])[]): object[] =>
  table.map((fields) => Object.fromEntries(names.map((name, i) => [name, fields[i]])));

/** What csv-parse makes of a text. */
const parsed = (text: string, more: object = {}): unknown[] =>
  parse(text, {
    columns: true,
    bom: true,
    skip_empty_lines: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n'],
    ...more,
  });

describe('rows of a file', () => {
  it('are the table that was written, and what csv-parse reads, whatever the chunks and the blocks', async () => {
    const cuts = fc.record({
      chunkBytes: fc.integer({ min: 1, max: 40 }),
      blockBytes: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(tables(), styles, cuts, async (table, style, cut) => {
        const text = written([names, ...table], style);
        const file = write('table.csv', text);
        const format = { delimiter: style.delimiter };
        const rows = await read(file, { header: names, format, ...cut });
        expect(rows).toEqual(rowsOf(table));
        expect(await read(file, { header: names, format })).toEqual(rows);
        if (!/[^\r\n"]"/.test(text)) expect(parsed(text, { delimiter: style.delimiter })).toEqual(rows);
      }),
      { numRuns: 600 },
    );
  });

  it('may hold line ends within quotes, whatever the blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables(['\n', '\r\n', '\n\n']),
        styles,
        fc.integer({ min: 1, max: 60 }),
        async (table, style, blockBytes) => {
          const text = written([names, ...table], style);
          const file = write('lines.csv', text);
          const format = { delimiter: style.delimiter, multiline: true };
          expect(await read(file, { header: names, format, blockBytes })).toEqual(rowsOf(table));
          const packed = write('lines.csv.gz', gzipSync(text));
          expect(await read(packed, { header: names, format, blockBytes, compression: 'gzip' })).toEqual(
            rowsOf(table),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are the same for chunks that begin at every byte', async () => {
    const text = '\ufeffsep=;\r\n# note\n\na;"b;1";c\r\n\r\n1;"x ""y""; z";é\n#no\r\n2;😀;"3"\n;;\n4;5;6';
    const file = write('borders.csv', text);
    const format = { comment: '#' };
    const expected = await read(file, { header: ['a', 'b;1', 'c'], format });
    expect(expected).toEqual([
      { a: '1', 'b;1': 'x "y"; z', c: 'é' },
      { a: '2', 'b;1': '😀', c: '3' },
      { a: '', 'b;1': '', c: '' },
      { a: '4', 'b;1': '5', c: '6' },
    ]);
    const { length } = Buffer.from(text);
    for (let chunkBytes = 1; chunkBytes <= length; chunkBytes += 1) {
      expect(await read(file, { header: ['a', 'b;1', 'c'], format, chunkBytes })).toEqual(expected);
    }
  });

  it('are taken from any bytes without a row that csv-parse reads otherwise', async () => {
    const bytes = fc.array(fc.constantFrom('a', ',', '\n', '\r\n', '\r', '"', '""', '",', ',"', 'é'), {
      maxLength: 30,
    });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(bytes, async (parts) => {
        const text = `a,b\n${parts.join('')}`;
        let theirs: unknown[];
        try {
          theirs = parsed(text, { relax_quotes: false });
        } catch {
          return;
        }
        const file = write('bytes.csv', text);
        const ours = await read(file, { header: ['a', 'b'], format: { multiline: true }, blockBytes: 7 });
        compared += 1;
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

describe('the files of csv-spectrum', () => {
  const folder = dirname(createRequire(import.meta.url).resolve('csv-spectrum'));
  it.each(readdirSync(join(folder, 'csvs')))('%s', async (name) => {
    const file = join(folder, 'csvs', name);
    const json = readFileSync(join(folder, 'json', name.replace('.csv', '.json')), 'utf8');
    const expected = [JSON.parse(json)].flat() as Record<string, string>[];
    // In the package the table and what it should give differ in this one number.
    if (name === 'location_coordinates.csv') expected[0]!['Contact Phone Number'] = '2095257564';
    const header = Object.keys(expected[0]!);
    for (const blockBytes of [1, 5, 1000]) {
      expect(await read(file, { header, format: { multiline: true }, blockBytes })).toEqual(expected);
    }
  });
});

describe('typed columns', () => {
  const types = columnsOf({ n: 'number', id: 'bigint', ok: 'boolean', at: 'date', s: 'string' });
  const one = (text: string, format: Partial<CsvFormat> = {}, more: How = {}): Promise<unknown[]> =>
    read(write('typed.csv', text), { format: { columns: types, ...format }, ...more });

  it('are read as their types, in the order of the columns, wherever they stand in the file', async () => {
    const text =
      's,more,at,ok,id,n,last\n x ,,2024-05-01,T,-12345678901234567890,"-1.50",\n"",,"2024-05-01 10:00Z",0,+7,1e3,z\n';
    const rows = await one(text);
    expect(rows).toEqual([
      { n: -1.5, id: -12345678901234567890n, ok: true, at: new Date('2024-05-01'), s: ' x ' },
      { n: 1000, id: 7n, ok: false, at: new Date('2024-05-01T10:00Z'), s: '' },
    ]);
    expect(Object.keys(rows[0] as object)).toEqual(['n', 'id', 'ok', 'at', 's']);
  });

  it.each([
    [
      's,at,ok,id,n\nx,2024-01-01,t,1,',
      'column "n" is to be a number, and is empty (where that means null, give nulls: [\'\'])',
    ],
    ['s,at,ok,id,n\nx,2024-01-01,t,1,"abc"', 'column "n" is to be a number, and has "abc"'],
    ['s,at,ok,id,n\nx,2024-01-01,t,1.0,1', 'column "id" is to be an integer, and has "1.0"'],
    [
      's,at,ok,id,n\nx,2024-01-01,yes,1,1',
      'column "ok" is to be true or false, t or f, 1 or 0, and has "yes"',
    ],
    [
      's,at,ok,id,n\nx,2024-02-30,t,1,1',
      'column "at" is to be a date such as 2024-05-01 or 2024-05-01T12:30:00Z, and has "2024-02-30"',
    ],
    [
      's,at,ok,id,n\nx,2024-01-01,t,1',
      'it has 4 fields, and there are 5 columns: column "n" is missing (ragged: \'fill\' makes it null)',
    ],
    ['s,at,ok,id,n\nx,2024-01-01,t,1,1,,', 'it has 7 fields, and there are 5 columns'],
    [
      's,at,ok,id,n\n"x"y,2024-01-01,t,1,1',
      'column "s" goes on behind its closing quote (a quote within quotes is doubled)',
    ],
  ])('%p is a row that says what is wrong', async (text, message) => {
    const good = '\nb,2024-01-01,f,2,2\n';
    const [bad, row, ...rest] = await one(text + good);
    expect(bad).toBe(`fault: no row: ${message}`);
    expect(row).toEqual({ n: 2, id: 2n, ok: false, at: new Date('2024-01-01'), s: 'b' });
    expect(rest).toEqual([]);
  });

  it('may be null', async () => {
    const rows = await one('n,id,ok,at,s\n,NA,"",NA,""\nNA,"NA",,"",\n1,2,t,2024-01-01,NA\n', {
      nulls: ['', 'NA'],
    });
    const none = { n: null, id: null, ok: null, at: null };
    expect(rows).toEqual([
      { ...none, s: '' },
      { ...none, s: null },
      { n: 1, id: 2n, ok: true, at: new Date('2024-01-01'), s: null },
    ]);
  });

  it('are filled with null where a row is short, and where that is allowed', async () => {
    const text = 'more,n,id,ok,at,s\nx,1\n\nx\nx,1,2,t,2024-01-01,"a,b"\nx,y\nx,1,2,t,2024-01-01,b,c\n';
    expect(await one(text, { fills: true })).toEqual([
      { n: 1, id: null, ok: null, at: null, s: null },
      { n: null, id: null, ok: null, at: null, s: null },
      { n: 1, id: 2n, ok: true, at: new Date('2024-01-01'), s: 'a,b' },
      'fault: no row: column "n" is to be a number, and has "y"',
      'fault: no row: it has 7 fields, and there are 6 columns',
    ]);
  });

  it('have decimal commas where they are to', async () => {
    const format = { columns: columnsOf({ n: 'number' }), delimiter: ';', decimal: ',' as const };
    expect(await read(write('commas.csv', 'n;s\n-1,5;a\n2;b\n"1,25";c\n'), { format })).toEqual([
      { n: -1.5 },
      { n: 2 },
      { n: 1.25 },
    ]);
  });

  it('need no header', async () => {
    const format = { hasHeader: false, columns: columnsOf({ s: 'string', n: 'number' }) };
    const file = write('headless.csv', '\ufeffa,1\nb,2\n');
    expect(await read(file, { format })).toEqual([
      { s: 'a', n: 1 },
      { s: 'b', n: 2 },
    ]);
    expect(await read(file, { format, chunkBytes: 5 })).toEqual([
      { s: 'a', n: 1 },
      { s: 'b', n: 2 },
    ]);
  });

  it('have any name', async () => {
    const header = ['__proto__', 'constructor', '', 'a "b"', '1', 'x\u2028y'];
    const text = `${header.map((name) => `"${name.replaceAll('"', '""')}"`).join()}\n1,2,3,4,5,6\n`;
    const [row] = (await read(write('names.csv', text), { header })) as [object];
    expect(Object.entries(row).sort()).toEqual(header.map((name, i) => [name, String(i + 1)]).sort());
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  it('repeat their texts as one string, and are right where they do not', async () => {
    const texts = Array.from(
      { length: 30_000 },
      (_, i) => `${'é'.repeat(i % 3)}${(i * 7919) % 10_007} ${'x'.repeat(i % 90)}`,
    );
    const file = write('many.csv', `a,b\n${texts.map((text, i) => `${text},${i % 5}`).join('\n')}\n`);
    const rows = await read(file, { header: ['a', 'b'], chunkBytes: 100_000 });
    expect(rows).toEqual(texts.map((text, i) => ({ a: text, b: String(i % 5) })));
  });

  it('have null for a number that is said to mean it, in columns of all types', async () => {
    const file = write('nulls.csv', 'n,i,t\n-999,-999,-999\n-998,-998,-998\n0,0,0\n0.0,1,00\n');
    const columns = columnsOf({ n: 'number', i: 'bigint', t: 'string' });
    expect(await read(file, { format: { columns, nulls: ['-999', '0'] } })).toEqual([
      { n: null, i: null, t: null },
      { n: -998, i: -998n, t: '-998' },
      { n: null, i: null, t: null },
      { n: 0, i: 1n, t: '00' },
    ]);
  });

  it('have a hint that tells the first texts of a row apart', async () => {
    const lines = Array.from(
      { length: 5000 },
      (_, i) => `${i},${i % 7},${i % 3 === 0 ? `"n ${i % 5}"` : `n ${i % 5}`}`,
    );
    const file = write('hints.csv', `i,a,b\n${lines.join('\n')}\n`);
    const columns = columnsOf({ i: 'number', b: 'string', a: 'string' });
    const byText = new Map<string, Set<number>>();
    for (const { records, hints } of await batches(file, { format: { columns } })) {
      expect(hints).toHaveLength(records.length);
      for (const [i, row] of Array.from(records as ArrayLike<{ a: string }>).entries()) {
        byText.set(row.a, (byText.get(row.a) ?? new Set()).add(hints![i]!));
      }
    }
    const found = [...byText.values()].flatMap((set) => [...set]);
    expect(found.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('fields that are passed over', () => {
  const header = ['a', 'b', 'c', 'd', 'e'];

  it('may be quoted, empty or hold anything, before, between and behind those that are read', async () => {
    const rows = ['1,2,3,4,5', '"a,""b",2,"x","",""', ',,,,', 'a"b,"2",c"d,"e,""f""",', '"","","","",""'];
    const file = write('passed.csv', `${header.join(',')}\n${rows.join('\r\n')}`);
    const all = (await read(file, { header })) as Record<string, string>[];
    for (const wanted of [['a'], ['c'], ['e'], ['b', 'd'], ['a', 'e'], ['d', 'c']]) {
      const columns = columnsOf(Object.fromEntries(wanted.map((name) => [name, 'string'])));
      const expected = all.map((row) => Object.fromEntries(wanted.map((name) => [name, row[name]])));
      expect(await read(file, { header, format: { columns } })).toEqual(expected);
    }
  });

  it('are counted', async () => {
    const file = write('counted.csv', `${header.join(',')}\n1,2\n1,2,3,4,5,6\n1,"2"\n1,2,3,4,5\n`);
    const format = { columns: columnsOf({ a: 'string' }) };
    expect(await read(file, { header, format })).toEqual([
      expect.stringMatching('it has 2 fields, and there are 5 columns: column "c" is missing'),
      expect.stringMatching('it has 6 fields, and there are 5 columns'),
      expect.stringMatching('it has 2 fields, and there are 5 columns: column "c" is missing'),
      { a: '1' },
    ]);
  });
});

describe('texts of the same bytes', () => {
  it('are what they are, quoted or not, however often they come', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 'a""b' : '"a""b"'));
    const file = write('same.csv', `a\n${lines.join('\n')}\n`);
    expect(await read(file, { header: ['a'] })).toEqual(
      lines.map((line) => ({ a: line.startsWith('"') ? 'a"b' : 'a""b' })),
    );
  });
});

describe('where a row is', () => {
  const text = 'a,b\n1,2\n\n3\né,4\n"x,5\n';
  const packers = [
    ['none', (bytes: string) => bytes, ''],
    ['gzip', (bytes: string) => gzipSync(bytes), '.gz'],
    ['brotli', (bytes: string) => brotliCompressSync(bytes), '.br'],
  ] as const;

  it.each(packers)('is known in a file with compression %p', async (compression, pack, ending) => {
    const file = write(`where.csv${ending}`, pack(text.slice(0, -5)));
    for (const blockBytes of [1, 6, 1000]) {
      const all = await batches(file, { header: ['a', 'b'], compression, blockBytes });
      const places = all.flatMap(({ records, locate }) => Array.from(records, (_, i) => locate(i)));
      expect(places).toEqual([
        { file, line: 2, byte: 4 },
        { file, line: 4, byte: 9 },
        { file, line: 5, byte: 11 },
      ]);
    }
  });

  it.each(packers)(
    'is told of a quote that is open, with compression %p',
    async (compression, pack, ending) => {
      const file = write(`open.csv${ending}`, pack(text));
      const error: unknown = await read(file, { header: ['a', 'b'], compression }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(SourceError);
      expect(error).toMatchObject({ file, line: 6, byte: 16 });
      expect((error as Error).message).toBe(
        `${file}:6 (byte 16): the quote that opens in column "a" is not closed in its line: if fields hold line ends, give ` +
          'multiline: true; if " is a character like any other, quote: false',
      );
      const format = { multiline: true };
      for (const blockBytes of [1, 10, 1000]) {
        const other: unknown = await read(file, {
          header: ['a', 'b'],
          compression,
          format,
          blockBytes,
        }).catch((thrown: unknown) => thrown);
        expect(other).toMatchObject({ file, line: 6, byte: 16 });
        expect((other as Error).message).toContain('is never closed');
      }
      expect(
        await read(file, { header: ['a', 'b'], compression, format: { quote: undefined } }),
      ).toContainEqual({ a: '"x', b: '5' });
    },
  );

  it('is known of a row of many lines', async () => {
    for (const [compression, pack, ending] of packers) {
      const file = write(`rows.csv${ending}`, pack('a,b\n1,"x\n\ny"\n2\n"3\n",z\n'));
      for (const blockBytes of [1, 9, 1000]) {
        const how = { header: ['a', 'b'], compression, blockBytes, format: { multiline: true } };
        const all = await batches(file, how);
        const places = all.flatMap(({ records, locate }) => Array.from(records, (_, i) => locate(i)));
        expect(places.map(({ line, byte }) => [line, byte])).toEqual([
          [2, 4],
          [5, 13],
          [6, 15],
        ]);
      }
    }
  });
});

describe('a file that is no CSV, or whose header is not the right one', () => {
  const failure = async (content: string | Buffer, how: How = { header: ['a', 'b'] }): Promise<unknown> =>
    read(write('bad.csv', content), how).catch((thrown: unknown) => thrown);
  const typed = { format: { columns: columnsOf({ station: 'string', temperature: 'number' }) } };

  it.each<[string, string | Buffer, How | undefined, RegExp]>([
    ['UTF-16 with a mark', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), undefined, /is UTF-16 by its first bytes/],
    ['UTF-16 without one', Buffer.from('a,b\n1,2\n', 'utf16le'), undefined, /is UTF-16, as every other byte of it is 0/],
    ['a zip archive', Buffer.from('PK\x03\x04,b\n'), undefined, /is a zip archive by its first bytes/],
    ['HTML', '\n <!DOCTYPE html>\n<p>404</p>', undefined, /is HTML by its first characters, and no CSV/],
    ['binary data', Buffer.from('ELF\x01\x02,b\n1,2\n'), undefined, /is no CSV: its first line has control characters/],
    ['lines that end in CR', 'a,b\r1,2\r3,4', undefined, /end in a carriage return alone/],
    ['blank lines only', '\n\r\n\n', undefined, /has no header, only blank lines or comments/],
    ['a name twice', 'a,a\n1,2\n', { header: ['a', 'b'] }, /has the column "a" twice, as its columns 1 and 2/],
    ['other columns', 'a,c\n1,2\n', undefined, /has other columns than that of the first file: "b" is missing, "c" is not in that one/],
    ['a column that is not there', 'station,temprature\nx,1\n', typed, /has no column "temperature": did you mean "temprature"\?; for files without a header give header: false$/],
    ['another delimiter', 'station;temperature\nx;1\n', typed, /has no column "station": .*it is one column, delimited by ",": is the delimiter ";"\?$/],
    ['an open quote in the header', 'a,"b\n1,2\n', undefined, /the quote that opens in field 2 is not closed in its line.*multiline: true/],
    ['a quoted name that goes on', 'a,"b"c\n1,2\n', undefined, /^the header of .* cannot be read: field 2 goes on behind its closing quote/],
  ])('%s', async (_, content, how, message) => {
    const error = await failure(content, how);
    expect(error).toBeInstanceOf(SourceError);
    expect((error as Error).message).toMatch(message);
    expect(error).toMatchObject({ file: expect.stringMatching(/bad\.csv$/) as unknown });
  }); // prettier-ignore

  it('may have names twice that nobody asks for', async () => {
    expect(await failure('x,station,x,temperature\n1,a,2,3\n', typed)).toEqual([
      { station: 'a', temperature: 3 },
    ]);
  });

  it('has its columns in any order, where they are those of the first file', async () => {
    expect(await failure('b,a\n1,2\n')).toEqual([{ a: '2', b: '1' }]);
  });

  it('has a header of many lines, where fields may', async () => {
    const how = { header: ['a\n1', 'b'], format: { multiline: true }, blockBytes: 2 };
    expect(await failure('"a\n1",b\n1,2\n', how)).toEqual([{ 'a\n1': '1', b: '2' }]);
  });

  it.each([
    ['windows-1252', [0x61, 0x2c, 0x62, 10, 0xe9, 0x80, 0x2c, 0x31, 10], { a: 'é€', b: '1' }],
    ['shift_jis', [0x61, 0x2c, 0x62, 10, 0x83, 0x5c, 0x2c, 0x31, 10], { a: 'ソ', b: '1' }],
  ])('is read in %s', async (encoding, bytes, expected) => {
    expect(await failure(Buffer.from(bytes), { header: ['a', 'b'], format: { encoding } })).toEqual([
      expected,
    ]);
  });
});
