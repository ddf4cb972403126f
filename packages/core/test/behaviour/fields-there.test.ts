import { expect, it } from '@jest/globals';
import {
  count,
  from,
  max,
  mean,
  quantile,
  sum,
  TaskError,
  type Dataset,
  type RunOptions,
} from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
type Loose = Record<string, number | null | undefined>;
const rows = (all: readonly (Loose | number | null)[]): Dataset<Loose> => from(all as Loose[]);
const thirty = Array.from({ length: 30 }, (_, n): Loose => ({ amount: n }));

it.each([0, 2])('names a field that no record has, in %d processes', async (processes) => {
  const options = (more: RunOptions = {}): RunOptions => shared.options(processes, { chunkSize: 4, ...more });
  for (const plan of [
    rows(thirty).aggregate(mean('amont')),
    rows(thirty).aggregate({ n: count, mean: mean('amount'), worst: max('amont') }),
    rows([...Array<null>(9).fill(null), ...thirty])
      .filter((row) => row !== null)
      .aggregate(quantile('amont', 0.5)),
  ] as const) {
    const error = await caught(plan.run(options()));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as Error).message).toContain(
      'aggregate threw TypeError: no record has a field "amont": did you mean "amount"? Where none may have it, ' +
        'give a function, as in mean((record) => record.amont)',
    );
  }
});

it.each([0, 2])(
  'takes a field that some record has for null in the others, in %d processes',
  async (processes) => {
    const options: RunOptions = shared.options(processes, { chunkSize: 4 });
    for (const at of [0, 13, 29]) {
      const some = thirty.map((_, n): Loose => (n === at ? { rare: 7 } : { amount: n }));
      expect(await rows(some).aggregate({ n: count, rare: sum('rare'), mean: mean('rare') }).run(options)).toEqual({ n: 30, rare: 7, mean: 7 }); // prettier-ignore
    }
    const nulls = rows([{ rare: null }, {}, { rare: undefined }]);
    expect(await nulls.aggregate(mean('rare')).run(options)).toBeNaN();
    expect(await rows([]).aggregate({ n: count('rare'), sum: sum('rare') }).run(options)).toEqual({ n: 0, sum: 0 }); // prettier-ignore
    expect(
      await rows(thirty)
        .aggregate(mean((row) => row['rare']))
        .run(options),
    ).toBeNaN();
    const byKey = rows(thirty)
      .keyBy(() => 1)
      .aggregateByKey(mean('rare'));
    expect(await byKey.toArray().run(options)).toEqual([[1, NaN]]);
  },
);

it.each([0, 2])(
  'knows that numbers have no fields, and texts a length, in %d processes',
  async (processes) => {
    const options = shared.options(processes, { chunkSize: 1 });
    const numbers = from([1, 2]) as unknown as Dataset<Loose>;
    const error = await caught(numbers.aggregate(sum('amount')).run(options));
    expect((error as Error).message).toContain('no record has a field "amount": there are none');
    const texts = from(['ab', 'c']) as unknown as Dataset<Loose>;
    expect(await texts.aggregate(sum('length')).run(options)).toBe(3);
  },
);
