import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import {
  count,
  defineJob,
  from,
  OptionError,
  range,
  SourceError,
  sum,
  textLines,
  type Dataset,
} from '@forkfold/core';
import { caught, directories, fixture, harness } from './harness.js';

const place = directories(harness());

it('tells stages, splits, functions, spilling and engines, and calls nothing', async () => {
  const file = join(place.root, 'lines.txt');
  await writeFile(file, 'a b\n'.repeat(1000));
  const plan = textLines(file)
    .flatMap(function words(line) {
      return line.split(' ');
    })
    .filter((word) => word !== '')
    .countByValue()
    .top(3, ([, n]) => n);
  const explanation = await plan.explain({ processes: 2, chunkBytes: 1000, tmpDir: place.tmpDir });
  expect(explanation).toMatchObject({
    processes: 2,
    engines: ['local', 'spark'],
    checkpoint: 'the result of each of 20 finished chunks, with the buckets of 1 keyed verb',
    stages: [
      {
        inputs: [{ from: `textLines(${file})`, verbs: ['flatMap(words)', "filter((word) => word !== '')"] }],
        sink: 'countByValue',
        chunks: 4,
        tasks: 4,
        bytes: 4000,
        buckets: 16,
        spills: `tables of a task over 64 MiB go to files in ${place.tmpDir}`,
      },
      { inputs: [{ from: 'countByValue', stage: 0, verbs: [] }], sink: 'top(topN)', chunks: 16 },
    ],
  });
  const text = String(explanation);
  expect(inspect(explanation)).toBe(text);
  expect(text.split('\n').slice(0, 3)).toEqual([
    'Plan of 2 stages, in 2 child processes',
    '├─ stage 1: 4 chunks, 3.91 KiB, at most 4 tasks',
    `│  ├─ textLines(${file}) -> flatMap(words) -> filter((word) => word !== '')`,
  ]);
  expect(text).toContain('a checkpoint would hold the result of each of 20 finished chunks');
  expect(text).toContain('engines that could run it: local, spark');
});

it('names functions of a job, and both sides of a join', async () => {
  const { counting } = (await import(fixture('counting.job.mjs'))) as {
    counting: (numbers: Dataset<number>) => Dataset<number>;
  };
  const { stages } = await counting(range(10)).count().explain({ processes: 0 });
  expect(stages[0]!.inputs[0]!.verbs[0]).toMatch(/^map\(\(n\) => \{ tally.add/);
  const right = from([['a', 2]] as [string, number][]).mapValues((n) => n + 1);
  const joined = right.mapValues((n) => n + 1).join(right);
  expect((await joined.count().explain()).stages.map(({ inputs }) => inputs.map(({ from }) => from))).toEqual(
    [['from', 'from'], ['join']],
  );
});

it('leaves an iterable alone, which cannot be told nor sent elsewhere before it is pulled', async () => {
  let pulled = 0;
  const source = (function* () {
    for (; pulled < 3; pulled += 1) yield pulled;
  })();
  const plan = from(source).count();
  const { stages, engines, checkpoint } = await plan.explain({ processes: 1 });
  expect([pulled, stages[0]!.chunks, stages[0]!.tasks, engines]).toEqual([
    0,
    undefined,
    undefined,
    ['local'],
  ]);
  expect(checkpoint).toBe('the result of each finished chunk');
  expect(await plan.run(place.options(0))).toBe(3);
});

it('fails as a run does before its first task', async () => {
  expect(await caught(range(3).count().explain({ processes: -1 }))).toBeInstanceOf(OptionError);
  const missing = textLines(join(place.root, 'missing.txt')).count();
  expect(await caught(missing.explain())).toBeInstanceOf(SourceError);
});

it('is told in one line by console.log', () => {
  const pairs = range(10).map((n) => [n, n] as [number, number]);
  expect(inspect(pairs.join(pairs.filter(([n]) => n > 2)).toArray())).toBe(
    'Plan { (range -> map((n) => [n, n]), range -> map((n) => [n, n]) -> filter(([n]) => n > 2)) -> join -> collect }',
  );
  expect(inspect([pairs])).toBe('[ Dataset { range -> map((n) => [n, n]) } ]');
  expect(() => from(pairs as never)).toThrow('got Dataset {} (object)');
  const sum = textLines(['a', 'b', 'c\n'])
    .union(range(3).map((n) => `${n}`))
    .reduce((a, b) => a + b);
  expect(inspect(sum)).toContain('Plan { (textLines(a, b, … 1 more) + range -> map(');
});

it('calls ready-made functions by the fields that they are of', async () => {
  const rows = from([{ url: '/', n: 1 }]);
  const byUrl = defineJob(import.meta.url, (given: typeof rows) => given.groupBy('url').aggregate(sum('n')));
  const { stages } = await byUrl(rows).toArray().explain();
  expect(stages[0]!.inputs[0]!.verbs).toEqual(['keyBy("url")']);
  expect(stages[0]!.sink).toBe('aggregateByKey(sum("n"))');
  const all = await rows.aggregate({ n: count, total: sum('n') }).explain();
  expect(all.stages[0]!.sink).toBe('aggregate({ n, total })');
  expect((await rows.aggregate(sum('n')).explain()).stages[0]!.sink).toBe('aggregate(sum("n"))');
});
