import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { csv, from, jsonLines } from '@forkfold/core';
import { parquet } from '@forkfold/parquet';
import { places } from '../places.js';

const { fresh } = places();
const program = fileURLToPath(new URL('frames.py', import.meta.url));

/** What the program in Python prints. `npm run test:pandas` says where Python is. */
function frames(what: string, directory: string, input = ''): string {
  const python = process.env['FORKFOLD_PANDAS']!;
  return execFileSync(python, [program, what, directory], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
}
const readBy = (what: string, directory: string): unknown[] =>
  frames(what, directory).trim().split('\n').map((line) => JSON.parse(line) as unknown); // prettier-ignore

const names = ['de', 'fr', null, 'a/b=c', '50 % "x"', "it's", 'é 東 😀', '{[^]}', '#?*:'];
const rows = Array.from({ length: 900 }, (_, id) => ({
  id,
  name: names[id % names.length]!,
  year: 2020 + (id % 3),
  price: id % 6 === 5 ? null : id / 8,
  note: ['plain', ' ', 'x,"y"', 'two\nlines', null, ';\t|'][id % 6]!,
  at: new Date(1e12 + id * 1e7),
  ok: id % 2 === 0,
}));
type Row = (typeof rows)[number];
const asText = rows.map((row) => ({ ...row, at: row.at.toISOString() }));
const chunked = { processes: 2, chunkSize: 300 };
const byId = (found: readonly Row[]): Row[] => [...found].sort((a, b) => a.id - b.id);

it.each([{}, { gzip: true }, { single: true }])('pandas reads what writeCsv writes: %j', async (options) => {
  const out = fresh();
  await from(rows).writeCsv(out, { nulls: 'NULL', ...options }).run(chunked); // prettier-ignore
  expect(readBy('csv', out)).toEqual(asText);
});

it('pandas reads what writeJsonLines writes', async () => {
  const out = fresh();
  await from(asText).writeJsonLines(out).run(chunked);
  expect(readBy('json', out)).toEqual(asText);
});

it.each([{}, { codec: 'gzip', rowGroupSize: 40 } as const])(
  'pandas reads what writeParquet writes: %j',
  async (options) => {
    const out = fresh();
    await from(rows).writeParquet(out, options).run(chunked);
    expect(readBy('parquet', out)).toEqual(asText);
  },
);

it('pandas reads directories by value as one table, of CSV and of Parquet', async () => {
  const options = { partitionBy: ['name', 'year'], overwrite: true } as const;
  const expected = asText.map(({ note, ...row }) => ({ ...row, note: note ?? '' }));
  const [texts, columns] = [fresh(), fresh()];
  const noted = rows.map((row) => ({ ...row, note: row.note ?? '' }));
  const lines = noted.filter(({ note }) => !note.includes('\n'));
  await from(lines).writeCsv(texts, options).run(chunked);
  expect(readBy('csv-parts', texts)).toEqual(expected.filter(({ note }) => !note.includes('\n')));
  await from(noted)
    .writeParquet(columns, { ...options, single: true })
    .run(chunked);
  expect(readBy('parquet-parts', columns)).toEqual(expected);
});

it('what pandas writes is read', async () => {
  const out = fresh();
  mkdirSync(out);
  frames('write', out, JSON.stringify(asText));
  const types = { id: 'number', name: 'string', year: 'number', price: 'number', note: 'string', at: 'date', ok: 'boolean' } as const; // prettier-ignore
  const text = { columns: types, nulls: ['NULL'], multiline: true } as const;
  expect(await csv(`${out}/rows.csv`, text).toArray().run(chunked)).toEqual(rows);
  expect(
    await csv(`${out}/rows.tsv.gz`, { ...text, delimiter: '\t' })
      .toArray()
      .run(chunked),
  ).toEqual(rows);
  expect(await jsonLines<Row>(`${out}/rows.jsonl`).map((row) => ({ ...row, at: new Date(row.at) })).toArray().run(chunked)).toEqual(rows); // prettier-ignore
  expect(await parquet<Row>(`${out}/rows.parquet`).toArray().run(chunked)).toEqual(rows);
  const parts = parquet(`${out}/parts/**/*.parquet`, {
    columns: { id: 'number', price: 'number', note: 'string', at: 'date', ok: 'boolean' },
    nulls: true,
    partitionedBy: { name: 'string', year: 'number' },
  });
  expect(byId((await parts.toArray().run(chunked)) as Row[])).toEqual(rows);
});
