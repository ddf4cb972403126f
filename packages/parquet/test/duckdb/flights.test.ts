import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { count, max, mean } from '@forkfold/core';
import { parquet } from '@forkfold/parquet';
import { connect } from './connection.js';

const entry = createRequire(import.meta.url).resolve('vega-datasets');
const file = join(dirname(entry), '..', 'data', 'flights-3m.parquet');

it('three million flights have the same delays for DuckDB, and the same that a filter finds', async () => {
  const connection = await connect();
  const query = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJS();
  const airports = await parquet(file, { columns: { origin: 'string', delay: 'number' } })
    .groupBy('origin')
    .aggregate({ n: count, mean: mean('delay'), worst: max('delay') })
    .toMap()
    .run({ processes: 2 });
  const sql = `select origin, count(*) as n, avg(delay) as mean, max(delay) as worst from '${file}' group by origin`;
  const expected = await query(sql);
  expect(airports.size).toBe(expected.length);
  for (const { origin, n, mean, worst } of expected) {
    const found = airports.get(origin as string)!;
    expect([BigInt(found.n), found.worst]).toEqual([n, Number(worst)]);
    expect(found.mean).toBeCloseTo(mean as number, 9);
  }
  const days = { gte: new Date('2001-02-13'), lt: new Date('2001-02-15') };
  const late = parquet(file, { columns: ['origin'], filter: { date: days, delay: { gt: 60 } } }).count();
  const where = "date >= '2001-02-13' and date < '2001-02-15' and delay > 60";
  const [{ n }] = (await query(`select count(*) as n from '${file}' where ${where}`)) as [{ n: bigint }];
  expect(BigInt(await late.run({ processes: 2 }))).toBe(n);
});
