import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  collect,
  count,
  countDistinct,
  first,
  from,
  last,
  mean,
  mode,
  quantile,
  range,
  stddev,
  sum,
  TaskError,
  topN,
  type Dataset,
  type RunOptions,
  type RunReport,
} from '@forkfold/core';
import { expectSame } from '../values/expect-same.js';
import { caught, fixture, harness } from './harness.js';

interface Row {
  readonly key: string;
  readonly value: number;
  readonly name: string;
}
interface Jobs {
  summary(
    rows: Dataset<Row>,
    p: number,
  ): Dataset<[string, { n: number; doubled: number; p: number; longest: string }]>;
}

const shared = harness();
let jobs: Jobs;
beforeAll(async () => {
  jobs = (await import(fixture('aggregates.job.mjs'))) as Jobs;
});

const rows = range(30_000).map((n): Row => ({
  key: `k${n % 3}`,
  value: ((n * 7919) % 30_011) / 7,
  name: 'x'.repeat(n % 9),
}));
const all = rows.aggregate({
  n: count,
  mean: mean('value'),
  half: mean((row) => row.value / 2),
  spread: stddev('value'),
  p95: quantile('value', 0.95),
  values: countDistinct('value'),
  exact: sum((row) => Math.round(row.value), { bigint: true }),
  first: first('name'),
  last: last('name'),
  mode: mode('key'),
  top: topN(2, (row: Row) => row.value),
  own: {
    zero: () => 0,
    add: (n: number, row: Row) => n + row.name.length,
    merge: (a: number, b: number) => a + b,
  },
});

/** The order of keys depends on the memory. */
const sorted = <R>(map: Map<string, R>): [string, R][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('aggregates by name', () => {
  it('are the same to the bit in any number of processes, of functions and fields', async () => {
    const one = await all.run(shared.options(0));
    expect(one).toMatchObject({ n: 30_000, first: '', last: 'xx', mode: 'k0', own: 119_991 });
    expect(one.half).toBeCloseTo(one.mean / 2, 9);
    expect(Math.abs(one.values / 30_000 - 1)).toBeLessThan(0.03);
    const values = Array.from({ length: 30_000 }, (_, n) => ((n * 7919) % 30_011) / 7).sort((a, b) => a - b);
    expect(Math.abs(one.p95 / values[Math.floor(0.95 * 29_999)]! - 1)).toBeLessThan(0.0051);
    for (const processes of [1, 2]) expectSame(await all.run(shared.options(processes)), one);
  });

  it('are those of each key, in a group and behind keyBy, spilled or not', async () => {
    const spec = { n: count, mean: mean('value'), p: quantile('value', 0.5), names: countDistinct('name') };
    const options = (more: RunOptions = {}): RunOptions => shared.options(2, { chunkSize: 1000, ...more });
    const grouped = await rows.groupBy('key').aggregate(spec).toMap().run(options());
    expect([...grouped.keys()].sort()).toEqual(['k0', 'k1', 'k2']);
    expect(grouped.get('k1')).toMatchObject({ n: 10_000, names: 3 });
    const keyed = rows
      .keyBy((row) => row.key)
      .aggregateByKey(spec)
      .toMap();
    expectSame(await keyed.run(options()), grouped);
    shared.budget = 10_000;
    let spilled = 0;
    const report = ({ temporaryDisk }: RunReport): void => {
      spilled = temporaryDisk.totalBytes;
    };
    try {
      // Where a table is written out sums round elsewhere.
      const exact = (map: typeof grouped) => sorted(map).map(([key, { n, p, names }]) => [key, n, p, names]);
      expectSame(exact(await keyed.run(options({ report }))), exact(grouped));
      expect(spilled).toBeGreaterThan(0);
    } finally {
      shared.budget = undefined;
    }
  });

  it('are found in a job, with what they close over', async () => {
    const found = await jobs.summary(rows, 0.25).toMap().run(shared.options(2));
    const inline = await rows
      .groupBy('key')
      .aggregate({ n: count, mean: mean('value'), p: quantile('value', 0.25) })
      .toMap()
      .run(shared.options(2));
    for (const [key, { n, mean: average, p }] of inline) {
      expect(found.get(key)).toMatchObject({
        n,
        p,
        longest: 'xxxxxxxx'.slice(0, [6, 7, 8][Number(key[1])]),
      });
      expect(found.get(key)!.doubled).toBeCloseTo(2 * average, 9);
    }
  });

  it('of nothing are what each gives of nothing', async () => {
    const none = from<Row>([]).aggregate({
      n: count,
      mean: mean('value'),
      all: collect('name'),
      users: countDistinct('name'),
    });
    expect(await none.run(shared.options(1))).toEqual({ n: 0, mean: NaN, all: [], users: 0 });
  });

  it('say which record a function of theirs throws for', async () => {
    const plan = rows.aggregate({
      n: count,
      bad: mean((row) => (row.value > 4000 ? (row.name as never) : 1)),
    });
    const error = await caught(plan.run(shared.options(1)));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toContain("aggregate threw TypeError: mean takes numbers, got '");
  });
});
