import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { range, textLines, type RunOptions, type RunReport } from '@forkfold/core';
import { spark } from '@forkfold/spark';
import { plans } from '../../../core/test/engines/plans.js';
import { expectSame } from '../../../core/test/values/expect-same.js';
import { titled, until } from './processes.js';
import { uniqueName } from './session.js';
import { caughtBy, jobs, lines } from './words.js';

/** The command line that `npm run test:spark` has found; it says so where there is none. */
const program = process.env['FORKFOLD_SPARK_SQL'];
const describeReal = program === undefined ? describe.skip : describe;
const command = [program ?? 'spark-sql', '--master', 'local[2,2]'] as const;
const conf = {
  'spark.ui.enabled': false,
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
};
const open = (node = process.execPath) => spark({ via: 'spark-sql', command, conf, node });
const engine = open();
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'forkfold-spark-'));
});

afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true });
});

const caught = caughtBy(engine);

describeReal('the command line of Spark gives the very bytes of one process', () => {
  const known = plans.filter(([name]) => name !== 'items of an iterable');
  test.each([...known])('%s', async (_, make) => {
    const options = { partitions: 5, chunkSize: 137 };
    expectSame(await make().run({ engine, ...options }), await make().run({ processes: 0, ...options }));
  });

  test('a job with its packages, and files by byte ranges', async () => {
    const counts = await jobs.wordCount(lines).toMap().run({ engine });
    expect(counts.get('cat 2 0 words.job.mjs')).toBe(2);
    const path = join(directory, 'lines.txt');
    writeFileSync(path, Array.from({ length: 5000 }, (_, n) => `line ${n % 7}\n`).join(''));
    const plan = textLines(path).countByValue().toArray();
    expectSame(
      await plan.run({ engine, chunkBytes: 5000 }),
      await plan.run({ processes: 0, chunkBytes: 5000 }),
    );
  });

  test('what is written, once', async () => {
    const write = async (to: string, options: RunOptions): Promise<unknown> => {
      const { files } = await range(500).sortBy((n) => -n).writeText(join(directory, to)).run({ chunkSize: 100, ...options }); // prettier-ignore
      return files.map((file) => readFileSync(file, 'utf8'));
    };
    expect(await write('there', { engine })).toEqual(await write('here', { processes: 0 }));
  });

  test('runs that go on at the same time', async () => {
    const both = await Promise.all([range(10).count().run({ engine }), range(20).count().run({ engine })]);
    expect(both).toEqual([10, 20]);
  });
});

describeReal('of the command line of Spark', () => {
  test('a throw of the user’s is a TaskError with its own file and line', async () => {
    const error = await caught(jobs.failing(lines, 'bird').toArray());
    expect(error).toMatchObject({ name: 'TaskError', verb: 'map', preview: "'bird'" });
    expect(error.cause.constructor.name).toBe('BadWord');
    expect(error.stack).toMatch(/words\.job\.mjs:\d+:\d+/);
  });

  test('a process that is killed says by which signal', async () => {
    expect(await caught(jobs.killed(lines).count())).toMatchObject({
      name: 'WorkerCrashError',
      signal: 'SIGKILL',
    });
  });

  test('executors without Node.js are found before anything is sent', async () => {
    await using other = open('/no/such/node');
    expect(await caught(range(3).count(), { engine: other })).toMatchObject({
      name: 'EngineError',
      message: expect.stringContaining('"/no/such/node" does not run on'),
    });
  });

  test('a report names the application', async () => {
    let report: RunReport | undefined;
    await range(3).count().run({ engine, report: (given) => void (report = given) }); // prettier-ignore
    expect(report!.engine).toMatchObject({ name: 'spark', applicationId: expect.stringMatching(/^local-/) });
  });

  test('an abort rejects with its reason, and leaves no process and no file', async () => {
    const mark = uniqueName('mark');
    const abort = new AbortController();
    const reason = new Error('enough');
    const failed = caught(jobs.sleeping(lines, mark).count(), { signal: abort.signal, chunkSize: 1 });
    await until(() => titled(mark).length === 2);
    abort.abort(reason);
    expect(await failed).toBe(reason);
    await until(() => titled(mark).length === 0);
    expect(titled('SparkSQLCLIDriver')).toEqual([]);
    expect(readdirSync('.').filter((name) => /derby|metastore|warehouse/.test(name))).toEqual([]);
    expect(await range(10).count().run({ engine })).toBe(10);
  });
});
