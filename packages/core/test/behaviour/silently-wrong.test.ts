import nodeCrypto from 'node:crypto';
import { performance as nodePerformance } from 'node:perf_hooks';
import nodeProcess from 'node:process';
import { setTimeout as nodeSetTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  from,
  histogram,
  mapReduce,
  max,
  mean,
  min,
  OptionError,
  parallelMap,
  range,
  sum,
  TaskError,
  topN,
  variance,
  type Aggregator,
} from '@forkfold/core';
import { caught, harness, script } from './harness.js';

const shared = harness();
const refusal = (give: () => unknown): string => {
  try {
    give();
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    return (error as Error).message;
  }
  throw new Error('Expected a refusal');
};

describe('a comparator', () => {
  const numbers = from([3, 1, 2]);
  const compare = ((a: number, b: number) => a - b) as (record: number) => number;

  it.each([
    ['sortBy', () => numbers.sortBy(compare)],
    ['distinct', () => numbers.distinct(compare)],
    ['top', () => numbers.top(2, compare)],
  ])('is no key for %s', (verb, give) => {
    expect(refusal(give)).toMatch(`${verb} takes a function of one record, and this one has 2 parameters`);
    expect(refusal(give)).toMatch(/give what they are compared by, as in/);
  });

  it('is not taken for what only has a default', async () => {
    const keyed = numbers.sortBy((n: number, sign = -1) => sign * n).toArray();
    expect(await keyed.run(shared.options(0))).toEqual([3, 2, 1]);
  });
});

describe('a text', () => {
  it.each<[string, () => unknown]>([
    ['from', () => from('data.txt')],
    ['an object of it', () => from(new String('data.txt') as unknown as string)],
  ])('where a path was meant is refused: %s', (_, give) => {
    expect(refusal(give)).toMatch(/got a string, whose characters .*textLines\(path\) reads/);
  });

  it('where a path was meant is refused wherever items are given', async () => {
    const runs = [
      parallelMap('data.txt', (c) => c),
      mapReduce('data.txt', { map: (c) => [[c, 1]] as [string, number][], reduce: (c) => c }),
      from(() => 'data.txt')
        .count()
        .run(shared.options(0)),
    ];
    for (const run of runs) expect(String(await caught(run))).toMatch(/OptionError: .* got a string/);
    expect(await from(['a', 'b']).toArray().run(shared.options(0))).toEqual(['a', 'b']);
  });
});

describe('an aggregator of numbers', () => {
  const all: Record<string, Aggregator<number, unknown>> = { sum, min, max, mean, variance, histogram: histogram([0, 1]) }; // prettier-ignore

  it.each(Object.entries(all))('%s refuses what is no number', async (name, aggregator) => {
    for (const value of ['1', 1n, undefined, new Date(0), [1], true]) {
      const values = from([0.5, value]) as ReturnType<typeof from<number>>;
      for (const plan of [
        values.aggregate(aggregator),
        values
          .keyBy(() => 'k')
          .aggregateByKey(aggregator)
          .toArray(),
      ]) {
        const error = await caught(plan.run(shared.options(1)));
        expect(error).toBeInstanceOf(TaskError);
        expect(String(error)).toMatch(`${name} takes numbers, got`);
        expect(String(error)).toMatch(/map the records to numbers first/);
      }
    }
    // Null is no value, as in SQL.
    const nulls = from([0.5, null, 0.25]) as ReturnType<typeof from<number>>;
    const numbers = from([0.5, 0.25]);
    expect(await nulls.aggregate(aggregator).run(shared.options(1))).toEqual(
      await numbers.aggregate(aggregator).run(shared.options(1)),
    );
    expect(await from([0.5, NaN]).aggregate(aggregator).run(shared.options(1))).toBeDefined();
  });

  it('topN is none of them', async () => {
    expect(
      await from(['b', 'a'])
        .aggregate(topN(1, (text) => text))
        .run(shared.options(1)),
    ).toEqual(['b']);
  });
});

describe('a variable around an inline function that has the name of a global', () => {
  /** What each of many pieces of a program tells, by its name. */
  const told = async (
    bodies: readonly (readonly [name: string, body: string])[],
  ): Promise<Map<string, string>> => {
    const { stdout } = await script(`
    import { createPool, from } from '@forkfold/core';
    import crypto from 'node:crypto';
    import process from 'node:process';
    import { performance } from 'node:perf_hooks';
    import { setTimeout } from 'node:timers/promises';
    const structuredClone = (value) => ({ ...value, mine: true });
    class Map extends globalThis.Map {}
    const pool = createPool({ processes: 1 });
    const results = [];
    const told = async (plan) => results.push(await plan().run({ pool }).then(JSON.stringify, (error) => error.message));
    ${bodies.map(([, body]) => `{ ${body} }`).join('\n')}
    await pool.close();
    console.log(JSON.stringify(results));`);
    const results = JSON.parse(stdout) as string[];
    expect(results).toHaveLength(bodies.length);
    return new Map(bodies.map(([name], i) => [name, results[i]!]));
  };

  const taken: [string, string][] = [
    [
      'crypto',
      "await told(() => from(['a']).map((text) => crypto.createHash('sha1').update(text).digest('hex')).toArray());",
    ],
    [
      'structuredClone',
      'await told(() => from([{ a: 1 }]).map((record) => structuredClone(record)).toArray());',
    ],
    [
      'fetch',
      'function of(fetch) { return told(() => from([1]).map((n) => fetch(n)).toArray()); } await of((n) => n);',
    ],
    ['setTimeout', 'await told(() => from([1]).mapAsync(async (n) => setTimeout(1, n)).toArray());'],
    ['Map', 'await told(() => from([1]).flatMap((n) => [...new Map([[n, n]])]).toArray());'],
    [
      'Headers',
      '{ const { Headers } = { Headers: Array }; await told(() => from([1]).map((n) => new Headers(n).length).toArray()); }',
    ],
    ['URL', 'let URL = String; await told(() => from([1]).filter((n) => URL(n)).toArray());'],
    [
      'event',
      'for (const Event of [Number]) await told(() => from([1]).reduceByKey ? from([1]).aggregate({ zero: () => 0, add: (a, n) => a + Event(n), merge: (a, b) => a + b }) : 0);',
    ],
  ];

  const harmless: [string, string, string][] = [
    [
      'a variable that holds the global',
      'from([1]).map(() => typeof process.pid + typeof performance.now()).toArray()',
      '["numbernumber"]',
    ],
    [
      'the global itself',
      'from([1]).map(() => typeof fetch + typeof Buffer.from("")).toArray()',
      '["functionobject"]',
    ],
    ['a parameter of that name', 'from([1]).map((crypto) => crypto + 1).toArray()', '[2]'],
    ['a parameter in a pattern', 'from([{ crypto: 1 }]).map(({ crypto }) => crypto + 1).toArray()', '[2]'],
    [
      'a variable of its own',
      'from([1]).map((n) => { const structuredClone = n; return structuredClone; }).toArray()',
      '[1]',
    ],
    ['a property', 'from([{ crypto: 1 }]).map((record) => record.crypto + record?.crypto).toArray()', '[2]'],
    ['a key', 'from([1]).map((n) => ({ crypto: n })).toArray()', '[{"crypto":1}]'],
    ['a word in a text', "from([1]).map((n) => 'crypto' + n).toArray()", '["crypto1"]'],
    ['a spread', 'from([1]).map((n) => [...Array(n)].length).toArray()', '[1]'],
  ];

  let results = new Map<string, string>();
  beforeAll(async () => {
    const plans = harmless.map(([name, plan]) => [name, `await told(() => ${plan});`] as const);
    results = await told([...taken, ...plans]);
  });

  it.each(taken)('%s is told, with the remedy', (name) => {
    const result = results.get(name)!;
    expect(result.toLowerCase()).toMatch(
      `uses \`${name.toLowerCase()}\`, which is a variable around it here`,
    );
    expect(result).toMatch(/move the pipeline into a job \(defineJob\)/);
  });

  it.each(harmless)('is no trouble where the function has %s', (name, _, result) => {
    expect(results.get(name)).toBe(result);
  });

  it('is no trouble in a job, and in this file', async () => {
    const options = shared.options(1);
    expect([nodeCrypto, nodePerformance, nodeProcess, nodeSetTimeout]).toHaveLength(4);
    expect(
      await range(1)
        .map(() => typeof process.pid)
        .toArray()
        .run(options),
    ).toEqual(['number']);
  });
});
