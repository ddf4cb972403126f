import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { range, textLines, type Dataset, type RunReport } from '@forkfold/core';
import { spark } from '@forkfold/spark';
import { childrenOf, cluster, runners, taskEnds, until, untilLogged } from './cluster.js';

type Numbers = Dataset<number>;
interface Jobs {
  napping(numbers: Numbers, mapMs: number, reduceMs: number): Dataset<[number, number]>;
  straggling(numbers: Numbers, record: number, mark: string): Dataset<string>;
  hot(numbers: Numbers): Dataset<[unknown, [number, number]]>;
  throwing(numbers: Numbers): Dataset<number>;
}
const jobs = (await import(fileURLToPath(new URL('fixtures/faults.job.mjs', import.meta.url)))) as Jobs;

const { remote, workers, server } = cluster();
const engine = spark({ remote, node: process.execPath, lanes: 4 });
const directory = mkdtempSync(join(tmpdir(), 'forkfold-faults-'));
/** Input that goes through the cluster once, in MB. */
const megabytes = Number(process.env['FORKFOLD_CLUSTER_MB']);

afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true });
});

const numbers = range(200);
const options = { chunkSize: 10, partitions: 8 };
const expected = (): Promise<[number, number][]> =>
  jobs
    .napping(numbers, 0, 0)
    .toArray()
    .run({ processes: 1, ...options });

test.each([
  ['map', 0],
  ['reduce', 1],
])('a process that is killed in %s is started again', async (_, stage) => {
  const since = taskEnds().length;
  const run = jobs
    .napping(numbers, stage === 0 ? 100 : 0, stage === 1 ? 300 : 0)
    .toArray()
    .run({ engine, ...options });
  await until(() => runners(stage).length > 0);
  process.kill(runners(stage)[0]!, 'SIGKILL');
  expect(await run).toEqual(await expected());
  const ends = await untilLogged(since, (all) =>
    all.some(({ attempt, reason }) => attempt === 1 && reason === 'Success'),
  );
  expect(ends.find(({ reason }) => reason === 'ExceptionFailure')!.description).toMatch(
    /status 137|Broken pipe|Stream closed/,
  );
});

test('a function that throws is a TaskError with its own line', async () => {
  const error = await jobs
    .throwing(numbers)
    .count()
    .run({ engine })
    .catch((thrown: unknown) => thrown as Error);
  expect(String(error)).toMatch(/^TaskError: map threw RangeError: no 77/);
  expect((error as Error).stack).toMatch(/faults\.job\.mjs:\d+:\d+/);
});

test('a straggler is overtaken by a second attempt, and what is written is there once', async () => {
  const since = taskEnds().length;
  const out = join(directory, 'out');
  const mark = join(directory, 'straggled');
  const written = await jobs
    .straggling(numbers, 11, mark)
    .writeText(out)
    .run({ engine, ...options });
  expect(written.files.map((file) => readFileSync(file, 'utf8')).join('')).toBe(
    Array.from({ length: 200 }, (_, n) => `record ${n}\n`).join(''),
  );
  const ends = await untilLogged(since, (all) =>
    all.some(({ isSpeculative, reason }) => isSpeculative && reason === 'Success'),
  );
  expect(ends.filter(({ reason }) => reason === 'Success').length).toBeGreaterThanOrEqual(4);
  await until(() => runners().length === 0);
});

test('a hot key does not fill the memory', async () => {
  let report: RunReport | undefined;
  const plan = jobs.hot(range(2_000_000)).toMap();
  const counts = await plan.run({ engine, partitions: 8, report: (given) => (report = given) });
  expect(counts.get('hot')).toEqual([1_800_000, expect.any(Number)]);
  expect(report!.memory.childPeakBytes).toBeGreaterThan(0);
  expect(report!.memory.childPeakBytes).toBeLessThan(250e6);
});

test('input goes through executors of a fraction of its size', async () => {
  const since = taskEnds().length;
  const folder = join(directory, 'input');
  mkdirSync(folder);
  const line = (n: number): string =>
    `${String(n % 50_000).padStart(8)} ${'some text of a line that is no longer than most '.repeat(2)}\n`;
  const first = join(folder, '0.txt');
  // A file has many names, so that the disk holds it once.
  writeFileSync(first, Array.from({ length: 600_000 }, (_, n) => line(n)).join(''));
  const size = readFileSync(first).length;
  const count = Math.ceil((megabytes * 1e6) / size);
  for (let i = 1; i < count; i++) linkSync(first, join(folder, `${i}.txt`));
  const sizes = textLines(join(folder, '*.txt'))
    .keyBy((text) => text.slice(0, 8))
    .groupByKey()
    .mapValues((values) => {
      let n = 0;
      for (const _ of values) n += 1;
      return n;
    });
  const start = performance.now();
  const totals = await sizes
    .aggregate({
      zero: () => [0, 0],
      add: ([keys = 0, lines = 0], [, n]) => [keys + 1, lines + n],
      merge: ([a = 0, b = 0], [c = 0, d = 0]) => [a + c, b + d],
    })
    .run({ engine });
  const seconds = (performance.now() - start) / 1000;
  expect(totals).toEqual([50_000, 600_000 * count]);
  const ends = await untilLogged(since, (all) => all.some(({ reason }) => reason === 'Success'));
  const spilled = ends.reduce((sum, end) => sum + end.spilledBytes, 0);
  console.log(
    `${(count * size) / 1e6} MB of input, ${spilled / 1e6} MB spilled by Spark, ${seconds.toFixed(0)} s`,
  );
  expect(spilled).toBeGreaterThan(0);
});

test('an abort leaves no process, and frees its slots', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const run = jobs
    .napping(numbers, 60_000, 0)
    .toArray()
    .run({ engine, ...options, signal: abort.signal })
    .catch((error: unknown) => error);
  await until(() => runners().length === 2);
  const start = performance.now();
  abort.abort(reason);
  expect(await run).toBe(reason);
  await until(() => runners().length === 0);
  const left = performance.now() - start;
  expect(await range(10).count().run({ engine })).toBe(10);
  console.log(
    `no process is left after ${(left / 1000).toFixed(1)} s, another run is done after ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
});

test('a host that dies in the midst of a shuffle has its part made again', async () => {
  const since = taskEnds().length;
  const run = jobs
    .napping(numbers, 0, 500)
    .toArray()
    .run({ engine, ...options });
  await until(() => runners(1).length === 2);
  const { pid } = workers[1]!;
  const executors = childrenOf(pid);
  for (const id of [pid, ...executors]) process.kill(id, 'SIGKILL');
  expect(await run).toEqual(await expected());
  const ends = await untilLogged(since, (all) =>
    all.some(({ stageAttempt, reason }) => stageAttempt > 0 && reason === 'Success'),
  );
  expect(ends.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['FetchFailed', 'Success']));
  // No program outlives its executor.
  await until(() => runners().length === 0);
});

test('a Connect server that dies is an EngineError, and leaves no process', async () => {
  const run = jobs
    .napping(numbers, 60_000, 0)
    .toArray()
    .run({ engine, ...options })
    .catch((error: unknown) => error);
  await until(() => runners().length > 0);
  process.kill(server, 'SIGKILL');
  expect(await run).toMatchObject({
    name: 'EngineError',
    message: expect.stringContaining('answers no more'),
  });
  await until(() => runners().length === 0);
});
