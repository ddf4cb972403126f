import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { count, createPool, csv, mean, range, type Plan } from '@forkfold/core';
import { expectSame } from '../values/expect-same.js';
import { pipeEngine } from './pipe-engine.js';
import { anyPlan, makePlan, pairs, plans } from './plans.js';

const engine = pipeEngine(2);
// Two children would have as much to learn of the plans again, and give the same.
const pool = createPool({ processes: 1 });
let tmpDir: string;
beforeAll(async () => {
  tmpDir = await mkdtemp(join(tmpdir(), 'pipe-test-'));
});
afterAll(async () => {
  await Promise.all([pool.close(), engine.close()]);
  await rm(tmpDir, { recursive: true });
});

/** The result must be the same, to the bit and in the same order, from either engine. */
async function expectEqual<R>(plan: Plan<R>, options = {}): Promise<R> {
  const local = await plan.run({ pool, tmpDir, ...options });
  const piped = await plan.run({ engine, ...options });
  expectSame(piped, local);
  return local;
}

describe('a second engine, of pipes alone, gives the very bytes of the local one', () => {
  it.each<[string, () => Plan<unknown>]>([...plans])('%s', async (_, make) => {
    // A range without a size of its chunks has a task for each number here: the random plans have such cuts, too.
    await expectEqual(make(), { chunkSize: 150 });
    await expectEqual(make(), { partitions: 5, chunkSize: 37 });
  });

  it('csv', async () => {
    const path = join(tmpDir, 'rows.csv');
    await writeFile(
      path,
      `key;x\n${Array.from({ length: 3000 }, (_, n) => `"k${n % 7}";${n / 8}`).join('\n')}`,
    );
    const rows = csv(path, { delimiter: ';', columns: { key: 'string', x: 'number' } });
    const plan = rows.groupBy('key').aggregate({ n: count, mean: mean('x') }).toArray(); // prettier-ignore
    for (const chunkBytes of [1000, 100_000]) expect(await expectEqual(plan, { chunkBytes })).toHaveLength(7);
  });

  it('writeText, writeJsonLines and writeCsv, in directories and as one file', async () => {
    const written = async (plan: (dir: string) => Plan<unknown>, options: object, name: string) => {
      const dir = join(tmpDir, name);
      await plan(dir).run(options);
      const names = (await readdir(dir, { recursive: true }))
        .filter((name) => /\.|_SUCCESS/.test(name))
        .sort();
      return Promise.all(names.map(async (file) => [file, await readFile(join(dir, file), 'utf8')]));
    };
    const text = (dir: string): Plan<unknown> =>
      range(500)
        .sortBy((n) => -n)
        .writeText(dir);
    const json = (dir: string): Plan<unknown> => pairs.reduceByKey((a, b) => a + b).writeJsonLines(dir);
    expect(await written(text, { engine }, 'text-piped')).toEqual(
      await written(text, { pool, tmpDir }, 'text'),
    );
    const rows = (dir: string): Plan<unknown> => pairs.writeCsv(dir, { columns: ['key', 'x'] });
    expect(await written(rows, { engine }, 'rows-piped')).toEqual(
      await written(rows, { pool, tmpDir }, 'rows'),
    );
    expect(await written(json, { engine }, 'json-piped')).toEqual(
      await written(json, { pool, tmpDir }, 'json'),
    );
    const parted = (dir: string): Plan<unknown> =>
      pairs.map(([k, x]) => ({ k: k.slice(-1), x })).writeCsv(dir, { partitionBy: 'k' });
    const some = { chunkSize: 150 };
    const files = await written(parted, { pool, tmpDir, ...some }, 'parted');
    expect(files).toHaveLength(1 + 10 * 3);
    expect(await written(parted, { engine, ...some }, 'parted-piped')).toEqual(files);
    const one = (dir: string): Plan<unknown> => pairs.writeJsonLines(dir, { single: true });
    const single = await written(one, { pool, tmpDir, ...some }, 'one');
    expect(single.map(([name]) => name)).toEqual(['_SUCCESS', 'part-00000.jsonl']);
    expect(await written(one, { engine, ...some }, 'one-piped')).toEqual(single);
  });

  it('a throw of the user’s is the same TaskError', async () => {
    const plan = range(100).map((n) => {
      if (n === 77) throw new RangeError('no 77');
      return n;
    });
    const messages = [{ pool, tmpDir }, { engine }].map((options) =>
      plan
        .count()
        .run(options)
        .catch((error: unknown) => String(error)),
    );
    const [local, piped] = await Promise.all(messages);
    expect(piped).toBe(local);
    expect(piped).toMatch(/^TaskError: map threw RangeError: no 77/);
  });
});

it('random plans give the very bytes of the local engine', async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, async ({ options, ...described }) => {
      await expectEqual(makePlan(described), options);
    }),
    { numRuns: 25 },
  );
});
