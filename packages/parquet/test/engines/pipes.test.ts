import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { count, createPool, from, mean, type Plan, type WrittenFiles } from '@forkfold/core';
import { parquet } from '@forkfold/parquet';
import { pipeEngine } from '../../../core/test/engines/pipe-engine.js';
import { expectSame } from '../../../core/test/values/expect-same.js';
import { places } from '../places.js';

const { fresh } = places();
const engine = pipeEngine(2);
const pool = createPool({ processes: 2 });
afterAll(async () => {
  await Promise.all([pool.close(), engine.close()]);
});

const rows = from(
  Array.from({ length: 600 }, (_, n) => ({
    key: `k${n % 7}`,
    x: n / 8,
    at: new Date(n),
    tags: n % 3 ? [n] : null,
  })),
);

/** The files that a plan writes, by their names, and what is in them. */
async function written(
  plan: (directory: string) => Plan<WrittenFiles>,
  options: object,
): Promise<[string, Buffer][]> {
  const directory = fresh();
  const { files } = await plan(directory).run(options);
  return Promise.all(
    files.map(async (file) => [relative(directory, file), await readFile(file)] as [string, Buffer]),
  );
}

describe('on a second engine, of pipes alone', () => {
  it('writeParquet gives the very bytes of the local one', async () => {
    const plans = [
      (directory: string) => rows.writeParquet(directory, { rowGroupSize: 40 }),
      (directory: string) =>
        rows.writeParquet(directory, { partitionBy: 'key', single: true, codec: 'gzip' }),
    ];
    for (const plan of plans) {
      const local = await written(plan, { pool, chunkSize: 150 });
      expect(local.length).toBeGreaterThan(3);
      expect(await written(plan, { engine, chunkSize: 150 })).toEqual(local);
    }
  });

  it('parquet gives the very rows of the local one, whatever the chunks', async () => {
    const { files } = await rows.writeParquet(fresh(), { rowGroupSize: 40 }).run({ pool, chunkSize: 150 });
    const columns = { key: 'string', x: 'number', at: 'date', tags: 'value' } as const;
    const filtered = parquet(files, { columns, filter: { x: { gte: 20, lt: 60 } }, nulls: true });
    const plans: Plan<unknown>[] = [
      parquet(files).toArray(),
      filtered.toArray(),
      filtered
        .groupBy('key')
        .aggregate({ n: count, mean: mean('x') })
        .toArray(),
    ];
    for (const plan of plans) {
      for (const chunkBytes of [undefined, 2000]) {
        const local = await plan.run({ pool, chunkBytes });
        expect((local as unknown[]).length).toBeGreaterThan(6);
        expectSame(await plan.run({ engine, chunkBytes }), local);
      }
    }
  });
});
