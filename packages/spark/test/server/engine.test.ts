import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  counter,
  from,
  range,
  textLines,
  type Dataset,
  type Plan,
  type Progress,
  type RunOptions,
  type RunReport,
} from '@forkfold/core';
import { spark } from '@forkfold/spark';
import { titled, until } from './processes.js';
import { serverAddress, uniqueName } from './session.js';
import { caughtBy, jobFile, jobs, lines } from './words.js';

const engine = spark({ ...serverAddress(), node: process.execPath });
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forkfold-spark-'));
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

const caught = caughtBy(engine);

test('a job brings the packages and the JSON that it imports', async () => {
  const counts = await jobs.wordCount(lines).toMap().run({ engine });
  expect([...counts.keys()].sort()).toEqual(
    ['a', 'bird', 'cat', 'dog'].map((word) => `${word} 2 0 words.job.mjs`),
  );
  expect(counts.get('cat 2 0 words.job.mjs')).toBe(2);
});

test('a job brings nothing native', async () => {
  const file = join(directory, 'native.job.mjs');
  await writeFile(join(directory, 'addon.node'), 'no addon');
  await writeFile(
    file,
    `import addon from './addon.node'; import { defineJob } from ${JSON.stringify(import.meta.resolve('@forkfold/core'))};
    export const job = addon && 0;`,
  );
  // This process cannot import it either, so the plan names a module that could.
  const { portable } = (await import('@forkfold/core/engine')) as unknown as {
    portable<T>(made: T, ref: object): T;
  };
  const native = portable((n: number) => n, { module: pathToFileURL(file).href, name: 'job' });
  expect(await caught(range(3).map(native).count())).toMatchObject({
    name: 'JobError',
    message: expect.stringMatching(/native addon .*native\.job\.mjs:1/),
  });
});

test('files that are named lie on the executors', async () => {
  const path = join(directory, 'shipped.txt');
  await writeFile(path, 'shipped');
  await using other = spark({ ...serverAddress(), node: process.execPath, files: [path] });
  const read = range(2).mapAsync(async () => {
    const { readFile } = await import('node:fs/promises');
    return readFile(`${process.env['FORKFOLD_FILES']}/shipped.txt`, 'utf8');
  });
  expect(await read.toArray().run({ engine: other })).toEqual(['shipped', 'shipped']);
});

test('files are read on the executors, by byte ranges', async () => {
  const path = join(directory, 'lines.txt');
  await writeFile(path, Array.from({ length: 5000 }, (_, n) => `line ${n % 7}\n`).join(''));
  const plan = textLines(path)
    .countByValue()
    .sortBy(([line]) => line)
    .toArray();
  expect(await plan.run({ engine, chunkBytes: 5000 })).toEqual(
    await plan.run({ processes: 0, chunkBytes: 5000 }),
  );
});

describe('text that Spark reads itself', () => {
  const path = (): string => join(directory, 'elsewhere.txt');
  const elsewhere = (): Dataset<string> => textLines(`viewfs://disk${path()}`);
  beforeAll(() => writeFile(path(), Array.from({ length: 5000 }, (_, n) => `${n % 7}\té☃ \\N\n`).join('')));

  test('has the same lines', async () => {
    expect(await elsewhere().toArray().run({ engine })).toEqual(
      await textLines(path()).toArray().run({ processes: 0 }),
    );
    expect(await elsewhere().take(3).run({ engine })).toHaveLength(3);
  });

  test('goes with other inputs, through keyed verbs', async () => {
    const both = (lines: Dataset<string>): Plan<unknown> =>
      lines.union(from(['one', 'two'])).countByValue().sortBy(([line]) => line).toArray(); // prettier-ignore
    expect(await both(elsewhere()).run({ engine })).toEqual(
      await both(textLines(path())).run({ processes: 0 }),
    );
    expect(await elsewhere().union(range(5)).count().run({ engine })).toBe(5005);
    const letters = elsewhere().map((line) => line.length).reduce((a, b) => a + b); // prettier-ignore
    expect(await letters.run({ engine })).toBe(5000 * '0\té☃ \\N'.length);
  });

  test('is text of UTF-8 alone', async () => {
    const other = textLines('s3a://bucket/x', { encoding: 'latin1' });
    expect(await caught(other.count())).toMatchObject({
      name: 'OptionError',
      message: expect.stringContaining('UTF-8 only'),
    });
  });

  test('is an error where there is none', async () => {
    expect(await caught(textLines('viewfs://disk/no/such').count())).toMatchObject({ name: 'EngineError' });
  });
});

describe('what fails', () => {
  test('in the user’s function is a TaskError with its own file and line', async () => {
    const local = await jobs
      .failing(lines, 'bird')
      .toArray()
      .run({ processes: 1 })
      .catch((error: unknown) => error);
    const error = await caught(jobs.failing(lines, 'bird').toArray());
    expect(error.message).toBe((local as Error).message);
    expect(error).toMatchObject({ name: 'TaskError', verb: 'map', preview: "'bird'" });
    expect(error.cause.constructor.name).toBe('BadWord');
    const frame = /words\.job\.mjs:\d+:\d+/;
    expect(frame.exec(error.stack)![0]).toBe(frame.exec((local as Error).stack!)![0]);
  });

  test('by ending its process is no smaller result', async () => {
    expect(await caught(jobs.exiting(lines).count())).toMatchObject({
      name: 'WorkerCrashError',
      exitCode: 0,
      message: expect.stringContaining("by the user's code before its work was done"),
    });
  });

  test('by a signal says which', async () => {
    expect(await caught(jobs.killed(lines).count())).toMatchObject({
      name: 'WorkerCrashError',
      signal: 'SIGKILL',
    });
  });

  test('for want of room for the result says what to do', async () => {
    const large = range(24).map((n) => `${n}`.repeat(2_000_000));
    expect(await caught(large.toArray(), { chunkSize: 1 })).toMatchObject({
      name: 'EngineError',
      message: expect.stringContaining('write it (writeText'),
    });
  });

  test('by too much output does not fail', async () => {
    expect(await jobs.noisy(lines).toArray().run({ engine })).toEqual(
      await lines.toArray().run({ processes: 0 }),
    );
  });
});

describe.each(['sleeping', 'busy'] as const)('an abort while executors are %s', (how) => {
  test('rejects with its reason, and leaves no process', async () => {
    const mark = uniqueName('mark');
    const abort = new AbortController();
    const reason = new Error('enough');
    const failed = caught(jobs[how](lines, mark).count(), { signal: abort.signal, chunkSize: 1 });
    await until(() => titled(mark).length === 2);
    abort.abort(reason);
    expect(await failed).toBe(reason);
    await until(() => titled(mark).length === 0);
    expect(await range(10).count().run({ engine })).toBe(10);
  });
});

describe('is refused before anything is sent:', () => {
  test.each<[string, Plan<unknown>, RunOptions, string]>([
    ['forEach', range(3).forEach(() => undefined), {}, 'stream()'],
    ['a checkpoint', range(3).count(), { checkpoint: '/tmp/never' }, 'run without it'],
    ['permissions', range(3).count(), { permissions: true }, 'run without it'],
    ['a timeout', range(3).count(), { timeout: 5 }, 'run without it'],
    ['an iterable', from(new Set([1, 2])).count(), {}, 'make it an array'],
    ['a stream', from((async function* () { yield 1; })()).count(), {}, 'make it an array'],
  ])('%s', async (_, plan, options, remedy) => {
    expect(await caught(plan, options)).toMatchObject({
      name: 'OptionError',
      message: expect.stringContaining(remedy),
    });
  }); // prettier-ignore

  test('an output directory that exists', async () => {
    const out = join(directory, 'there');
    await mkdir(out);
    await copyFile(jobFile, join(out, 'file'));
    expect(await caught(range(3).writeText(out))).toMatchObject({ name: 'OptionError' });
  });

  test.each([
    ['/no/such/node', '"/no/such/node" does not run on'],
    ['/bin/echo', 'it is no Node.js'],
  ])('executors without Node.js: %s', async (node, reason) => {
    await using other = spark({ ...serverAddress(), node });
    const error = await caught(range(3).count(), { engine: other });
    expect(error).toMatchObject({ name: 'EngineError', message: expect.stringContaining(reason) });
  });

  test('another major version of Node.js', async () => {
    const node = join(directory, 'old-node');
    const facts = JSON.stringify({ node: 'v18.20.0', nodePath: node, arch: 'x64' });
    await writeFile(node, `#!/bin/sh\necho '${facts}'\n`, { mode: 0o755 });
    await using other = spark({ ...serverAddress(), node });
    const error = await caught(range(3).count(), { engine: other });
    expect(error.message).toMatch(/v18\.20\.0 on .* is older than 20: .*equal major versions only/);
  });
});

test('a report tells of the stages', async () => {
  let report: RunReport | undefined;
  await jobs
    .wordCount(lines)
    .toMap()
    .run({ engine, report: (given) => (report = given) });
  expect(report).toMatchObject({
    outcome: 'ok',
    engine: {
      name: 'spark',
      applicationId: expect.stringMatching(/^local-/),
      spilledBytes: 0,
      stages: expect.any(Number),
      tasks: expect.any(Number),
    },
    stages: [
      { sink: 'countByKey', recordsIn: 4, recordsOut: 5 },
      { sink: 'collect', recordsIn: 4 },
    ],
  });
});

test('progress goes on while Spark works, and ends with all of it', async () => {
  const path = join(directory, 'slow.txt');
  await writeFile(path, 'one\n'.repeat(6));
  const told: Progress[] = [];
  const plan = textLines(path)
    .mapAsync(async (line) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return line;
    })
    .countByValue()
    .toArray();
  let report: RunReport | undefined;
  await plan.run({
    engine,
    chunkBytes: 4,
    progress: (progress) => void told.push(progress),
    report: (given) => (report = given),
  });
  const whole = told.at(-1)!;
  expect(whole).toMatchObject({ stage: 2, stages: 2, share: 1, records: 6, busy: 0 });
  expect(whole.bytes).toBeGreaterThanOrEqual(24);
  expect(told.filter(({ records }) => records === 0).some(({ busy }) => busy > 0)).toBe(true);
  const places = told.map(({ stage, chunks, records }) => [stage, chunks, records] as const);
  for (const [i, [stage, chunks, records]] of places.slice(1).entries()) {
    const before = places[i]!;
    expect(stage).toBeGreaterThanOrEqual(before[0]);
    expect(records).toBeGreaterThanOrEqual(before[2]);
    if (stage === before[0]) expect(chunks).toBeGreaterThanOrEqual(before[1]);
  }
  expect(report).toMatchObject({ stages: [{ bytesIn: 24, recordsIn: 6 }, {}] });
  expect(report!.engine!.tasks).toBeGreaterThanOrEqual(2);
});

test('a run that fails says where it ran, and what is seen of it', async () => {
  let report: RunReport | undefined;
  await caught(jobs.failing(lines, 'bird').count(), { report: (given) => void (report = given) });
  expect(report).toMatchObject({
    outcome: 'failed',
    engine: { name: 'spark', applicationId: expect.stringMatching(/^local-/) },
  });
});

test('counters count each record once', async () => {
  let report: RunReport | undefined;
  const plan = range(100)
    .map((n): [number, number] => {
      counter('seen').add();
      return [n % 7, n];
    })
    .reduceByKey((a, b) => a + b)
    .map(([, sum]) => {
      counter('keys').add(2);
      return sum;
    })
    .reduce((a, b) => a + b);
  expect(await plan.run({ engine, report: (given) => (report = given) })).toBe(4950);
  expect(report!.counters).toEqual({ seen: 100, keys: 14 });
});
