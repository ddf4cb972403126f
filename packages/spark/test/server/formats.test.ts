import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  count,
  createPool,
  csv,
  mean,
  quantile,
  range,
  type Dataset,
  type Plan,
  type RunOptions,
  type WrittenFiles,
} from '@forkfold/core';
import { parquet } from '@forkfold/parquet';
import { spark } from '@forkfold/spark';
import { pairs } from '../../../core/test/engines/plans.js';
import { expectSame } from '../../../core/test/values/expect-same.js';
import { serverAddress } from './session.js';

/** A package of a format of its own. */
const { shoutedLines, writeShouted } = (await import(
  fileURLToPath(new URL('fixtures/shouted-lines.mjs', import.meta.url))
)) as {
  shoutedLines(path: string): Dataset<string>;
  writeShouted(dataset: Dataset<unknown>, directory: string, options?: object): Plan<WrittenFiles>;
};

const engine = spark({ ...serverAddress(), node: process.execPath });
const pool = createPool({ processes: 2 });
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forkfold-spark-'));
});
afterAll(async () => {
  await Promise.all([engine.close(), pool.close()]);
  await rm(directory, { recursive: true });
});

async function expectEqual<R>(plan: Plan<R>, options: RunOptions = {}): Promise<R> {
  const [local, given] = [await plan.run({ pool, ...options }), await plan.run({ engine, ...options })];
  expectSame(given, local);
  return local;
}

describe('sources', () => {
  const table = (): string => join(directory, 'rows.csv');
  beforeAll(async () => {
    const rows = Array.from({ length: 3000 }, (_, n) => `"k${n % 7}";${n / 8};"a, ${n % 3}"`);
    await writeFile(table(), `key;x;note\n${rows.join('\n')}`);
  });

  test.each([1000, 100_000])('csv, in chunks of %d bytes', async (chunkBytes) => {
    const rows = csv(table(), { delimiter: ';', columns: { key: 'string', x: 'number', note: 'string' } });
    const groups = rows.groupBy('key').aggregate({ n: count, mean: mean('x'), p: quantile('x', 0.9) });
    expect(await expectEqual(groups.toArray(), { chunkBytes })).toHaveLength(7);
    expect(await expectEqual(rows.limit(1700).toArray(), { chunkBytes })).toHaveLength(1700);
    expect(
      await expectEqual(
        rows
          .map(({ note }) => note)
          .countByValue()
          .toMap(),
        { chunkBytes },
      ),
    ).toEqual(new Map([0, 1, 2].map((n) => [`a, ${n}`, 1000])));
  });

  test('parquet, by row groups, with a filter', async () => {
    const folder = join(directory, 'table');
    const written = range(3000).map((n) => ({
      key: `k${n % 7}`,
      x: n / 8,
      at: new Date(n * 1e6),
      tags: ['a', `b${n % 3}`],
    }));
    await written.writeParquet(folder, { rowGroupSize: 250 }).run({ pool, chunkSize: 1000 });
    const all = parquet(join(folder, '*.parquet'));
    expect(await expectEqual(all.toArray())).toHaveLength(3000);
    const some = parquet(join(folder, '*.parquet'), {
      columns: { key: 'string', x: 'number', at: 'date' },
      filter: { x: { gte: 100 }, key: { in: ['k1', 'k2'] } },
    });
    const groups = some.groupBy('key').aggregate({ n: count, mean: mean('x') });
    expect(await expectEqual(groups.toArray())).toHaveLength(2);
    expect(await expectEqual(some.sortBy(({ x }) => -x).limit(40).toArray())).toHaveLength(40); // prettier-ignore
  });

  test('of another package', async () => {
    const path = join(directory, 'lines.shouted');
    await writeFile(path, 'a\nb\n'.repeat(1000));
    expect(await expectEqual(shoutedLines(path).countByValue().toMap(), { chunkBytes: 100 })).toEqual(
      new Map([['A!', 1000], ['B!', 1000]]), // prettier-ignore
    );
  });
});

describe('what is written has the same names and bytes:', () => {
  const keyed = pairs.map(([key, x]) => ({ key: key.slice(-1), x }));
  test.each<[string, (to: string) => Plan<WrittenFiles>]>([
    ['writeText', (to) => range(500).sortBy((n) => -n).writeText(to)],
    ['writeJsonLines', (to) => pairs.reduceByKey((a, b) => a + b).writeJsonLines(to)],
    ['writeCsv', (to) => pairs.writeCsv(to, { columns: ['key', 'x'] })],
    ['writeCsv by a column', (to) => keyed.writeCsv(to, { partitionBy: 'key' })],
    ['writeJsonLines as one file', (to) => pairs.writeJsonLines(to, { single: true })],
    ['text of what a shuffle gives, as one file', (to) => pairs.countByKey().map(([key, n]) => `${key} ${n}`).writeText(to, { single: true })],
    ['writeParquet', (to) => pairs.map(([key, x]) => ({ key, x })).writeParquet(to, { rowGroupSize: 40 })],
    ['writeParquet by a column', (to) => keyed.writeParquet(to, { partitionBy: 'key' })],
    ['writeParquet as one file, of what a sort gives', (to) => pairs.sortBy(([, x]) => x).map(([key, x]) => ({ key, x })).writeParquet(to, { single: true })],
    ['a format of another package', (to) => writeShouted(pairs, to)],
    ['a format of another package, by a column', (to) => writeShouted(keyed, to, { partitionBy: 'key' })],
  ])('%s', async (name, make) => {
    const written = async (where: string, options: RunOptions): Promise<unknown[]> => {
      const to = join(directory, `${name} ${where}`);
      const { files } = await make(to).run({ chunkSize: 150, ...options });
      const names = (await readdir(to, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(to.length + 1))
        .sort();
      expect(files.map((file) => file.slice(to.length + 1)).sort()).toEqual(
        names.filter((file) => !file.endsWith('_SUCCESS')),
      );
      return Promise.all(names.map(async (file) => [file, await readFile(join(to, file), 'base64')]));
    };
    const local = await written('here', { pool });
    expect(local.length).toBeGreaterThan(1);
    expect(await written('on Spark', { engine })).toEqual(local);
  }); // prettier-ignore
});
