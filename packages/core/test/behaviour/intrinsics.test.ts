import { expect, it } from '@jest/globals';
import { range, WorkerCrashError, type Dataset } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();

it.each<[name: string, plan: Dataset<unknown>]>([
  ['Array.prototype.push', range(5).map((n) => (n === 3 && (Array.prototype.push = () => 0), n))],
  ['Array.prototype.slice', range(5).map((n): [number, number] => (n === 3 && (Array.prototype.slice = () => []), [n, n])).groupByKey()], // prettier-ignore
  ['Array.prototype[Symbol.iterator]', range(5).map((n) => (n === 3 && (Array.prototype[Symbol.iterator] = [][Symbol.iterator].bind([])), n))], // prettier-ignore
  ['Object.keys', range(5).map((n) => (n === 3 && (Object.keys = () => []), { n })).countByValue()], // prettier-ignore
])('a task that overwrites %s gives no wrong result, and its record is named', async (name, dataset) => {
  const error = await caught(dataset.toArray().run(shared.options(1, { retries: 1 })));
  expect(error).toBeInstanceOf(WorkerCrashError);
  expect(error).toMatchObject({ index: 3, cause: { name: 'TypeError' } });
  expect((error as Error).message).toContain(`${name} was overwritten by a task, so results would be wrong`);
  expect(await range(3).toArray().run(shared.options(1))).toEqual([0, 1, 2]); // prettier-ignore
});

it('a polyfill that a module of the run brings is allowed', async () => {
  const path = '../fixtures/polyfill.job.mjs';
  const { polyfilled } = (await import(path)) as {
    polyfilled: (numbers: Dataset<number>) => Dataset<string>;
  };
  const plan = polyfilled(range(2)).toArray();
  for (const _ of [1, 2]) expect(await plan.run(shared.options(1, { retries: 0 }))).toEqual(['0', '1']);
});
