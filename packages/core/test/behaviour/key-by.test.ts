/** A `keyBy` right before a keyed verb makes no pairs: all is as it is with pairs that a `map` has made. */
import { describe, expect, it } from '@jest/globals';
import { from, together, type Aggregator, type Dataset, type Plan, type RunReport } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const numbers = Array.from({ length: 200 }, (_, i) => (i * 7919) % 201);
const keyed = from(numbers).keyBy((n) => `k${n % 13}`);
const paired = from(numbers).map((n): [string, number] => [`k${n % 13}`, n]);
const total: Aggregator<number, number[]> = {
  zero: () => [0, 0],
  add: (found, n) => [found[0]! + n, found[1]! + 1],
  merge: (a, b) => [a[0]! + b[0]!, a[1]! + b[1]!],
};
const others = from<[string, string]>([
  ['k1', 'one'],
  ['k2', 'two'],
  ['k1', 'uno'],
]).sortBy(([key]) => key);

type Pairs = Dataset<[string, number]>;

const verbs: Record<string, (pairs: Pairs) => Plan<unknown>> = {
  reduceByKey: (pairs) => pairs.reduceByKey((a, b) => a * 2 + b).toArray(),
  aggregateByKey: (pairs) => pairs.aggregateByKey(total).toArray(),
  groupByKey: (pairs) => pairs.groupByKey().toArray(),
  countByKey: (pairs) => pairs.countByKey().toArray(),
  distinct: (pairs) => pairs.distinct().toArray(),
  'distinct by a key': (pairs) => pairs.distinct(([, n]) => n % 5).toArray(),
  countByValue: (pairs) => pairs.countByValue().toArray(),
  sortBy: (pairs) => pairs.sortBy(([key, n]) => `${key}${n}`).toArray(),
  join: (pairs) => pairs.join(others).toArray(),
  cogroup: (pairs) => pairs.cogroup(others).toArray(),
  toArray: (pairs) => pairs.toArray(),
  take: (pairs) => pairs.take(7),
  'groupByKey twice': (pairs) =>
    pairs
      .groupByKey()
      .keyBy(([key]) => key.length)
      .groupByKey()
      .toArray(),
  together: (pairs) =>
    together({ sums: pairs.aggregateByKey(total).toMap(), counts: pairs.countByKey().toMap() }),
};

describe('keyBy', () => {
  it.each(Object.keys(verbs))('comes before %s as pairs do', async (verb) => {
    const run = (pairs: Pairs, processes: number): Promise<unknown> =>
      verbs[verb]!(pairs).run(shared.options(processes, { chunkSize: 25 }));
    for (const memory of [1, undefined]) {
      shared.budget = memory;
      expect(await run(keyed, 0)).toEqual(await run(paired, 0));
    }
    const skipping = shared.options(1, { chunkSize: 25, onError: 'skip' });
    expect(await verbs[verb]!(keyed).run(skipping)).toEqual(await run(paired, 1));
  });

  it('has each error told of the function that has thrown, and its record', async () => {
    const throwing: Aggregator<number, number> = {
      zero: () => 0,
      add(sum, n) {
        if (n === 77) throw new Error('add');
        return sum + n;
      },
      merge: (a, b) => a + b,
    };
    const index = numbers.indexOf(77);
    const inAdd = await caught(
      keyed
        .aggregateByKey(throwing)
        .toMap()
        .run(shared.options(0, { chunkSize: 25 })),
    );
    expect(inAdd).toMatchObject({ verb: 'aggregateByKey', index });
    const key = (n: number): string => {
      if (n === 77) throw new Error('key');
      return 'a';
    };
    const inKey = await caught(from(numbers).keyBy(key).countByKey().toMap().run(shared.options(0)));
    expect(inKey).toMatchObject({ verb: 'keyBy', index });
    const badKey = (n: number): unknown => (n === 77 ? () => n : n % 3);
    const plan = from(numbers).keyBy(badKey).countByKey().toMap();
    expect(String(await caught(plan.run(shared.options(0))))).toContain(`at record ${index}: 77`);
    let told: RunReport | undefined;
    const skipping = { onError: 'skip', report: (given: RunReport) => void (told = given) } as const;
    const sums = await keyed.aggregateByKey(throwing).toMap().run(shared.options(0, skipping));
    expect([...sums.values()].reduce((a, b) => a + b)).toBe(numbers.reduce((a, b) => a + b) - 77);
    expect(told?.skipped).toMatchObject({ count: 1, records: [{ index }] });
  });
});
