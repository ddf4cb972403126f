import { beforeAll, describe, expect, it } from '@jest/globals';
import { from } from '@forkfold/core';
import '@forkfold/parquet';
import { places } from '../places.js';
import { connect, type Connection } from './connection.js';

const { fresh } = places();
let connection: Connection;
const query = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await connection.runAndReadAll(sql)).getRowObjectsJS();

beforeAll(async () => {
  connection = await connect();
});

const names = ['de', 'fr', null, 'a/b=c', '50 % "x"', "it's", 'é 東 😀', '{[^]}', 'a\nb', '#?*:\\'];
const rows = Array.from({ length: 1000 }, (_, id) => ({
  id,
  name: names[id % names.length]!,
  year: 2020 + (id % 3),
  price: id % 6 === 5 ? null : id / 8,
  note: ['', ' ', 'x,"y"', 'two\r\nlines', null, ';\t|'][id % 6]!,
  at: new Date(1e12 + id * 1e7),
  ok: id % 2 === 0,
}));
const types = "{'id': 'INTEGER', 'price': 'DOUBLE', 'note': 'VARCHAR', 'at': 'TIMESTAMP', 'ok': 'BOOLEAN'";
const asText = ({ at, ...row }: (typeof rows)[number]): object => ({ ...row, at: at.toISOString() });
const chunked = { processes: 2, chunkSize: 300 };

describe('what writeCsv writes', () => {
  it.each([
    { delimiter: ',', nulls: '' },
    { delimiter: '\t', nulls: 'NULL', gzip: true },
  ])('DuckDB reads back equal: %j', async (options) => {
    const out = fresh();
    await from(rows).writeCsv(out, options).run(chunked);
    const sql = `select * from read_csv('${out}/*.csv*', header = true, delim = '${options.delimiter}', quote = '"', escape = '"',
      nullstr = '${options.nulls}', allow_quoted_nulls = false, columns = {'id': 'INTEGER', 'name': 'VARCHAR', 'year': 'INTEGER',
      'price': 'DOUBLE', 'note': 'VARCHAR', 'at': 'TIMESTAMP', 'ok': 'BOOLEAN'}) order by id`;
    expect(await query(sql)).toEqual(rows);
  });

  it.each([{}, { single: true }])('DuckDB reads back as one table of partitions: %j', async (more) => {
    const out = fresh();
    const { files } = await from(rows)
      .writeCsv(out, { partitionBy: ['name', 'year'], ...more })
      .run(chunked);
    expect(files.length).toBeGreaterThanOrEqual(30);
    const sql = `select id, name, year, price, note, "at", ok from read_csv('${out}/**/*.csv', header = true, delim = ',', quote = '"', escape = '"', hive_partitioning = true,
      hive_types = {'name': VARCHAR, 'year': INTEGER}, nullstr = '', allow_quoted_nulls = false, columns = ${types}}) order by id`;
    expect(await query(sql)).toEqual(rows);
  });
});

describe('what writeJsonLines writes', () => {
  it.each([{}, { partitionBy: 'name' } as const, { single: true }])(
    'DuckDB reads back equal: %j',
    async (options) => {
      const out = fresh();
      await from(rows.map(asText))
        .writeJsonLines(out, options as object)
        .run(chunked);
      const isParted = 'partitionBy' in options;
      const hive = isParted ? ", hive_partitioning = true, hive_types = {'name': VARCHAR}" : '';
      const columns = `${types}, 'year': 'INTEGER'${isParted ? '' : ", 'name': 'VARCHAR'"}}`;
      const sql = `select id, name, year, price, note, "at", ok from read_json('${out}/**/*.jsonl', format = 'newline_delimited',
      columns = ${columns}${hive}) order by id`;
      expect(await query(sql)).toEqual(rows);
    },
  );
});

it('writeParquet takes partitionBy and single, too', async () => {
  const out = fresh();
  const options = { partitionBy: 'name', single: true, rowGroupSize: 40 } as const;
  const { files } = await from(rows).writeParquet(out, options).run(chunked);
  expect(files).toHaveLength(names.length);
  const sql = `select id, name, year, price, note, "at", ok from read_parquet('${out}/**/*.parquet', hive_partitioning = true,
    hive_types = {'name': VARCHAR}) order by id`;
  expect(await query(sql)).toEqual(rows);
});
