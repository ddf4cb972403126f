import { beforeAll, describe, expect, it } from '@jest/globals';
import { from, type Dataset } from '@forkfold/core';
import { parquet, type ParquetCodec } from '@forkfold/parquet';
import { places } from '../places.js';
import { connect, type Connection } from './connection.js';

const { fresh } = places();
let connection: Connection;
const query = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await connection.runAndReadAll(sql)).getRowObjectsJS();

beforeAll(async () => {
  connection = await connect();
});

const rows = Array.from({ length: 1000 }, (_, i) => ({
  id: i,
  big: BigInt(i) * -(10n ** 15n),
  name: i % 10 === 3 ? null : `n${i % 7}é😀`,
  at: new Date(1e12 + i * 1e7 - 2e12),
  ok: i % 2 === 0,
  tags: i % 4 === 0 ? [] : i % 4 === 1 ? null : ['a', null, `t${i}`],
  geo:
    i % 5 === 0 ? null : { lat: i / 8, lon: i % 3 === 0 ? null : -i, deep: { xs: [[i], [], [i + 1, null]] } },
}));

describe('what forkfold writes', () => {
  it.each<ParquetCodec>(['snappy', 'gzip', 'brotli', 'uncompressed'])(
    'DuckDB reads back equal: %s',
    async (codec) => {
      const out = fresh();
      await from(rows).writeParquet(out, { codec, rowGroupSize: 300 }).run({ processes: 2, chunkSize: 400 });
      expect(await query(`select * from read_parquet('${out}/*.parquet') order by id`)).toEqual(rows);
      expect(await query(`select count(*) as n, sum(id) as s from read_parquet('${out}/*.parquet') where id >= 990`)) // prettier-ignore
        .toEqual([{ n: 10n, s: 9945 }]);
    },
  );

  it('DuckDB reads back with the types that columns have been given', async () => {
    const out = fresh();
    const columns = { i: 'int32', f: 'float', l: 'bigint', d: 'day', b: 'bytes', none: ['string'] } as const;
    await from([{ i: -7, f: 1.5, l: 9, d: new Date('2024-02-29'), b: new Uint8Array([0, 255]) }])
      .writeParquet(out, { columns })
      .run({ processes: 0 });
    const types = await query(`describe select * from read_parquet('${out}/*.parquet')`);
    expect(types.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
      ['i', 'INTEGER'],
      ['f', 'FLOAT'],
      ['l', 'BIGINT'],
      ['d', 'DATE'],
      ['b', 'BLOB'],
      ['none', 'VARCHAR[]'],
    ]);
  });
});

describe('what DuckDB writes', () => {
  const read = (path: string): Dataset<Record<string, unknown>> => parquet(path, { int64: 'bigint' });

  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])(
    'forkfold reads back equal: %s',
    async (codec) => {
      for (const version of ['v1', 'v2']) {
        const path = fresh('.parquet');
        const sql = `select i, i * 1e15::bigint as l, 'n' || (i % 301) as s, case when i % 3 = 0 then null else i / 8 end as x,
        [i, null] as xs, { a: i, b: { c: 'z' || i } } as r from range(7000) r(i)`;
        await connection.run(
          `copy (${sql}) to '${path}' (format parquet, codec '${codec}', row_group_size 2048, parquet_version '${version}')`,
        );
        expect(await read(path).toArray().run({ processes: 2 })).toEqual(await query(sql));
      }
    },
  );

  it('a filter finds the same rows as SQL', async () => {
    const path = fresh('.parquet');
    const table = `select i, case when i % 7 = 0 then null else i % 100 end as n, case when i % 5 = 0 then null else chr(65 + (i // 500)::int) || i end as s,
      timestamp '2024-01-01' + interval (i) minute as t from range(12000) r(i)`;
    await connection.run(`copy (${table}) to '${path}' (format parquet, row_group_size 2048)`);
    const cases = [
      [{ i: { gte: 2048, lt: 4096n } }, 'i >= 2048 and i < 4096'],
      [{ n: { gt: 97 } }, 'n > 97'],
      [{ n: { ne: 5 } }, 'n <> 5'],
      [{ n: null }, 'n is null'],
      [{ n: { ne: null }, i: { lt: 50 } }, 'n is not null and i < 50'],
      [{ n: { in: [null, 3, 4n] } }, 'n is null or n in (3, 4)'],
      [{ n: { notIn: [3, 4] } }, 'n not in (3, 4)'],
      [{ s: { gte: 'F', lt: 'H2' } }, "s >= 'F' and s < 'H2'"],
      [{ s: 'C1001' }, "s = 'C1001'"],
      [{ t: { lt: new Date('2024-01-01T01:00:00Z') } }, "t < timestamp '2024-01-01 01:00:00'"],
      [[{ i: { lt: 3 } }, { s: { gt: 'X' } }, { i: 11999 }], "i < 3 or s > 'X' or i = 11999"],
    ] as const;
    for (const [filter, where] of cases) {
      const found = await parquet(path, { columns: { i: 'number' }, filter }).map(({ i }) => i).toArray().run({ processes: 0 }); // prettier-ignore
      const expected = await query(`select i from (${table}) where ${where} order by i`);
      expect(found).toEqual(expected.map(({ i }) => Number(i)));
    }
  });
});
