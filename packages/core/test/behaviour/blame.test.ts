/** Which function an error names, and in which words. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  from,
  mapReduce,
  range,
  type Aggregator,
  type Dataset,
  type MapReduceFunctions,
  type Pair,
  type RunOptions,
  type RunReport,
} from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const limit = 5;
const pairs = from<[string, number]>([
  ['a', 1],
  ['a', 2],
]);
const functions = {
  map: (pair: readonly [string, number]) => [pair],
  reduce: (_: string, values: Iterable<number>) => [...values].length,
};
const sum: Aggregator<number, number> = {
  zero: () => 0,
  add: (a, b) => a + b,
  merge: (a, b) => a + b,
};

describe.each([0, 1])('what throws as buckets are merged (%d processes)', (processes) => {
  // One record a chunk, so that the values of a key meet on the reduce side.
  const options = (): RunOptions => shared.options(processes, { chunkSize: 1 });

  it.each([
    ['reduceByKey', () => pairs.reduceByKey((a, b) => Math.min(a + b, limit)).toMap().run(options())], // prettier-ignore
    ['mapReduce.combine', () => mapReduce(pairs, { ...functions, combine: (a, b) => Math.min(a + b, limit) }, options())], // prettier-ignore
    ['aggregateByKey.merge', () => pairs.aggregateByKey({ ...sum, merge: (a, b) => a + b + limit }).toMap().run(options())], // prettier-ignore
  ])('is %s', async (verb, run) => {
    const error = await caught(run());
    expect(error).toMatchObject({ name: 'TaskError', verb, index: undefined, preview: '' });
    // The chunk is the bucket that the key fell into.
    expect((error as Error).message.replace(/chunk \d+/, 'chunk #')).toBe(
      `${verb} threw ReferenceError: \`limit\` is not visible in the child process: ` +
        'move the pipeline into a job (defineJob) (chunk #)',
    );
  });

  it('is no fault of a record, which skip could leave out', async () => {
    const merge = (): number => {
      throw new RangeError('no sum');
    };
    const skip = { ...options(), onError: 'skip' } as const;
    const byKey = await caught(
      pairs
        .aggregateByKey({ ...sum, merge })
        .toMap()
        .run(skip),
    );
    expect(byKey).toMatchObject({ verb: 'aggregateByKey.merge', cause: { message: 'no sum' } });
    const whole = await caught(from([1, 2, 3]).aggregate({ ...sum, merge }).run(skip)); // prettier-ignore
    expect(whole).toMatchObject({ verb: 'aggregate.merge', cause: { message: 'no sum' } });
  });
});

describe('an accumulator that cannot be written to the disk', () => {
  beforeEach(() => {
    shared.budget = 700;
  });
  afterEach(() => {
    shared.budget = undefined;
  });

  it.each([0, 1])('is no fault of the record that filled the memory (%d processes)', async (processes) => {
    const records = from(Array.from({ length: 60 }, (_, i): [string, number] => [`k${i % 30}`, i]));
    const functions: Aggregator<number, unknown> = {
      zero: () => 0,
      add: (a, b) => (b === 2 ? () => 1 : typeof a === 'number' ? a + b : b),
      merge: (a, b) => (a as number) + (b as number),
    };
    const given = shared.options(processes, { chunkSize: 100, partitions: 1, onError: 'skip' });
    const error = await caught(records.aggregateByKey(functions).toArray().run(given));
    expect(error).toMatchObject({ name: 'SerializationError', path: 'value["k2"]' });
  });
});

describe('an error names what the user wrote:', () => {
  const fails = (): never => {
    throw new RangeError('no');
  };
  const failing = (wrong: Partial<MapReduceFunctions<Pair<string, number>, string, number, number>>) =>
    mapReduce(pairs, { ...functions, ...wrong }, shared.options(1));
  const noPairs = { map: () => [5 as never] };

  it.each([
    ['mapReduce.map', () => failing({ map: fails }), 'RangeError: no'],
    ['mapReduce.combine', () => failing({ combine: fails }), 'RangeError: no'],
    ['mapReduce.reduce', () => failing({ reduce: fails }), 'RangeError: no'],
    ['mapReduce.map', () => failing(noPairs), 'TypeError: mapReduce.map must give [key, value] pairs'],
    [
      'mapReduce.map',
      () => failing({ ...noPairs, combine: (a, b) => a + b }),
      'must give [key, value] pairs',
    ],
    ['aggregateByKey.finish', () => pairs.aggregateByKey({ ...sum, finish: fails }).toMap().run(shared.options(1)), 'RangeError: no'], // prettier-ignore
    ['top', () => range(9).top(2, fails).run(shared.options(1)), 'RangeError: no'],
    ['top', () => range(9).top(2, (n) => n + limit).run(shared.options(1)), '`limit` is not visible'], // prettier-ignore
    ['top', () => range(9).top(2, (n) => new Date(n) as never).run(shared.options(1)), 'TypeError: a rank is'], // prettier-ignore
  ])('%s', async (verb, run, what) => {
    const error = await caught(run());
    expect(error).toMatchObject({ name: 'TaskError', verb });
    expect((error as Error).message).toMatch(`${verb} threw `);
    expect((error as Error).message).toContain(what);
  });

  it('top, and the record whose rank it cannot find, which skip leaves out', async () => {
    const plan = range(9).top(2, (n) => (n === 7 ? (new Date(n) as never) : n));
    expect(await caught(plan.run(shared.options(1)))).toMatchObject({ index: 7, preview: '7' });
    expect(await plan.run(shared.options(1, { onError: 'skip' }))).toEqual([8, 6]);
  });

  it('toMap, and the record that is no pair', async () => {
    const plans = [
      [range(3), 'record 0 is 0'],
      [from(['ab', 'cd']), "record 0 is 'ab'"],
      [range(3).map((n) => (n === 2 ? [1, 2, 3] : [n, n])), 'record 2 is [ 1, 2, 3 ]'],
    ] as const;
    for (const [dataset, what] of plans) {
      const error = await caught((dataset as Dataset<never>).toMap().run(shared.options(0)));
      expect(error).toMatchObject({ name: 'TaskError', verb: 'toMap', chunk: -1 });
      expect((error as Error).message).toBe(
        `toMap takes [key, value] pairs, and ${what}: make pairs with keyBy or map`,
      );
    }
  });

  it('and so does a refusal', async () => {
    const refused = (await caught(failing({ combine: Math.max }))) as Error;
    expect(refused.message).toMatch(/^The function given to mapReduce.combine is native \(max\)/);
    expect(() => range(3).top(2, (async (n: number) => n) as never)).toThrow(
      'The function given to top is async',
    );
  });

  it('and a report', async () => {
    let stages: RunReport['stages'] = [];
    const report = (given: RunReport): void => void ({ stages } = given);
    await mapReduce(pairs, { ...functions, combine: (a, b) => a + b }, shared.options(0, { report }));
    expect(stages.map(({ inputs, sink }) => [inputs, sink])).toEqual([
      [[['from', 'mapReduce.map']], 'mapReduce.combine'],
      [[['mapReduce.combine', 'mapReduce.reduce']], 'collect'],
    ]);
  });
});
