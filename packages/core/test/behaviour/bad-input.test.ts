import { describe, expect, it } from '@jest/globals';
import {
  createPool,
  from,
  histogram,
  mapReduce,
  OptionError,
  parallelMap,
  range,
  textLines,
  topN,
  type RunOptions,
} from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const numbers = range(3);
const pairs = from<[string, number]>([['a', 1]]);

const bare = Object.create(null) as object;
const wrong: [option: keyof RunOptions, rule: string, values: unknown[]][] = [
  ['processes', 'an integer from 0 to 1024', [-1, 1.5, NaN, '2', 1025, null, 2n, bare]],
  ['chunkSize', 'an integer of at least 1', [0, -1, Infinity, '10', {}]],
  ['chunkBytes', 'an integer of at least 1', [0, 0.5, '1 MB']],
  ['partitions', 'an integer from 1 to 4096', [0, 4097, '8']],
  ['ordered', 'a boolean', ['no', 0, null]],
  ['bufferSize', 'an integer of at least 1', [0, -4, true]],
  ['retries', 'an integer from 0 to 1000', [-1, 1001, 'often']],
  [
    'onError',
    "'fail', 'skip' or { maxSkipped: an integer of at least 0 }",
    ['ignore', {}, { maxSkipped: -1 }, { maxSkipped: 2 ** 53 }, { maxSkipped: 1, more: 2 }],
  ],
  ['tasksPerProcess', 'an integer of at least 1', [0, '1']],
  ['timeout', 'an integer from 1 to 2147483647', [0, -1, 2 ** 31, '1 s']],
  ['memoryLimit', 'an integer from 16 to 1048576', [0, 15, '64 MB']],
  ['signal', 'an AbortSignal', [{}, new AbortController(), 'abort']],
  ['progress', 'a boolean or a function', ['yes', 1, {}]],
  ['permissions', 'a boolean', ['read']],
  ['checkpoint', 'a path', ['', 5, 'a\0b']],
  ['tmpDir', 'a path', ['', 5, null]],
  [
    'env',
    'an object of strings without zero characters, whose names hold no "="',
    [
      ...['A=1', { A: 1 }, { A: undefined }, ['1'], null, new Map(), Object('ab'), { [Symbol('A')]: '1' }],
      ...[{ 'A=B': '1' }, { '': '1' }, { A: '1\0' }, { 'A\0': '1' }],
    ],
  ],
  ['execArgv', 'an array of strings without zero characters', ['--flag', [1], ['--title=\0']]],
  ['pool', 'a pool made by createPool', [{}, 2, null, createPool]],
];

describe.each(wrong)('the option %s', (option, rule, values) => {
  it.each(values.map((value) => [value]))('refuses %p by its rule, wherever it is given', async (value) => {
    const options = { [option]: value } as RunOptions;
    const isRefused = (error: unknown): void => {
      expect(error).toBeInstanceOf(OptionError);
      expect(error).toMatchObject({ option, code: 'ERR_FORKFOLD_OPTION' });
      expect((error as Error).message).toContain(`Expected "${option}" to be ${rule}, got `);
      expect((error as Error).message).toContain(`(${typeof value})`);
    };
    isRefused(await caught(numbers.count().run(options)));
    isRefused(await caught(parallelMap([1], (n) => n, options)));
    isRefused(await caught(mapReduce([1], { map: (n) => [[n, n]], reduce: (n) => n }, options)));
    isRefused(thrown(() => numbers.stream(options)));
    isRefused(thrown(() => createPool(options)));
  });
});

describe('the option env', () => {
  it.each<[env: object, greeting: string | undefined]>([
    [{}, undefined],
    [{ GREETING: 'hello' }, 'hello'],
    [process.env, undefined],
    [Object.create({ GREETING: 1 }) as object, undefined],
  ])('takes %p', async (env, greeting) => {
    const plan = from([0]).map(() => process.env['GREETING']);
    expect(await plan.toArray().run({ processes: 1, env } as RunOptions)).toEqual([greeting]);
  });
});

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Expected it to throw');
}

describe('an unknown option', () => {
  it.each([
    ['procesess', 'processes'],
    ['chunksize', 'chunkSize'],
    ['timeOut', 'timeout'],
    ['retry', 'retries'],
    ['tempDir', 'tmpDir'],
  ])('%s names the nearest one', async (name, nearest) => {
    const options = { [name]: 1 } as RunOptions;
    const message = new RegExp(`Unknown option "${name}": did you mean "\\w+"`);
    const error = await caught(numbers.count().run(options));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(`"${nearest}"`);
    expect(() => numbers.stream(options)).toThrow(message);
    expect(() => createPool(options)).toThrow(message);
  });

  it.each([
    ['processes', ['workers', 'threads', 'concurrency', 'maxWorkers', 'parallelism', 'jobs']],
    ['chunkSize', ['batchSize']],
    ['retries', ['maxRetries']],
    ['timeout', ['timeoutMs']],
    ['signal', ['abortSignal']],
    ['progress', ['onProgress']],
    ['memoryLimit', ['maxMemory']],
  ])('%p is what other libraries call %j', async (name, others) => {
    for (const other of others) {
      const error = await caught(numbers.count().run({ [other]: 1 }));
      expect(String(error)).toBe(`OptionError: Unknown option "${other}": did you mean "${name}"?`);
    }
  });

  it.each(['colour', 'x', ''])('%p, which is near to none, is told all', async (name) => {
    const error = await caught(numbers.count().run({ [name]: 1 }));
    expect((error as Error).message).toMatch(
      `Unknown option "${name}": known are "processes", "chunkSize", "`,
    );
  });

  it('of a run is none of a pool', () => {
    expect(() => createPool({ chunkSize: 2 } as object)).toThrow(
      /"chunkSize" is an option of run and stream: createPool takes processes, memoryLimit/,
    );
  });

  it.each([5, 'fast', null, [], true, new Map(), /x/])('options that are %p are refused', async (options) => {
    const error = await caught(numbers.count().run(options as RunOptions));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain('Expected options to be an object');
    expect(() => numbers.stream(options as RunOptions)).toThrow(OptionError);
  });
});

class Account {
  static deposit(n: number): number {
    return n;
  }
}
const double = (n: number): number => n * 2;
const asAny = (value: unknown): never => value as never;

describe('a function that can never travel', () => {
  const unfit: [string, unknown, RegExp][] = [
    ['native', Math.abs, /is native \(abs\), and its text cannot travel: wrap it in an arrow function/],
    ['bound', double.bind(null), /is bound \(bound double\).*move the pipeline into a job \(defineJob\)/],
    ['a class', Account, /is the class Account/],
    ['async where nobody waits', async (n: number) => Promise.resolve(n), /is async, and \w+ does not wait/],
    ['no function', 5, /Expected "?\w+"? to be given a function.*, got .*\(number\)/],
    ['nothing', undefined, /Expected "?\w+"? to be given a function.*, got undefined/],
    ['null', null, /got null/],
  ];

  it.each(unfit)('because it is %s is refused at once, by every verb, with the remedy', (_, fn, message) => {
    const verbs: (() => unknown)[] = [
      () => numbers.map(asAny(fn)),
      () => numbers.filter(asAny(fn)),
      () => numbers.flatMap(asAny(fn)),
      () => numbers.mapPartitions(asAny(fn)),
      () => numbers.keyBy(asAny(fn)),
      () => numbers.sortBy(asAny(fn)),
      () => numbers.reduce(asAny(fn)),
      () => pairs.mapValues(asAny(fn)),
      () => pairs.reduceByKey(asAny(fn)),
    ];
    for (const verb of verbs) {
      expect(thrown(verb)).toBeInstanceOf(OptionError);
      expect((thrown(verb) as Error).message).toMatch(message);
    }
  });

  it('is refused by parallelMap, mapReduce and aggregators too', async () => {
    expect(await caught(parallelMap([1], Math.abs))).toBeInstanceOf(OptionError);
    const reduce = (key: number): number => key;
    const fine = (n: number): [number, number][] => [[n, n]];
    for (const [functions, message] of [
      [{ map: 5, reduce }, /Expected "map" to be a function, got 5 \(number\)/],
      [{ reduce }, /Expected "map" to be a function, got undefined/],
      [{ map: fine }, /Expected "reduce" to be a function, got undefined/],
      [
        { map: fine, reduce, combiner: double },
        /Unknown option "combiner" of mapReduce: did you mean "combine"/,
      ],
      [{ map: fine, reduce: Math.max }, /native \(max\)/],
      [undefined, /Expected mapReduce to be given an object of functions, got undefined$/],
      [[fine], /Expected mapReduce to be given an object of functions, got \[/],
      [{ map: fine, reduce, then: fine }, /"then" of mapReduce: known are "map", "combine", "reduce"$/],
    ] as const) {
      const error = await caught(mapReduce([1], asAny(functions)));
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(message);
    }
    const sum = { zero: () => 0, add: double, merge: double };
    expect(() => numbers.aggregate({ ...sum, merge: Math.max })).toThrow(/aggregate.merge is native \(max\)/);
    expect(() => numbers.aggregate({ ...sum, add: asAny(undefined) })).toThrow(/with a function "add"/);
    expect(() => numbers.aggregate({ ...sum, add: asAny(async () => Promise.resolve(1)) })).toThrow(
      /is async/,
    );
    expect(() => numbers.aggregate(asAny(null))).toThrow(OptionError);
    expect(() => numbers.aggregate({ ...sum, total: 5 } as typeof sum)).toThrow(/a property "total" besides/);
    expect(() => pairs.aggregateByKey(asAny({}))).toThrow(OptionError);
  });

  it('but a method, a getter-like name and a generator can', async () => {
    const methods = {
      double(n: number) {
        return n * 2;
      },
      *'twice, in a row'(n: number) {
        yield* [n, n];
      },
      async later(n: number) {
        return Promise.resolve(n + 1);
      },
    };
    const plan = numbers.map(methods.double).flatMap(methods['twice, in a row']).mapAsync(methods.later);
    expect(await plan.toArray().run(shared.options(1))).toEqual([1, 1, 3, 3, 5, 5]);
  });
});

describe('an argument of', () => {
  it.each<[string, () => unknown, string | RegExp]>([
    ['from', () => from(asAny(5)), 'Expected "items" to be an array, a typed array or an iterable'],
    ['from', () => from(asAny({ length: 2 })), /"items"/],
    ['range', () => range(NaN), 'Expected "end" to be a finite number, got NaN (number)'],
    ['range', () => range(0, 5, 0), 'Expected "step" to be a finite number other than 0, got 0'],
    ['range', () => range(asAny('5')), 'Expected "end" to be a finite number'],
    ['textLines', () => textLines(asAny(5)), 'Expected "paths" to be a path, a glob, a file: URL'],
    ['textLines', () => textLines('a', asAny('latin1')), "Expected textLines to be given an object of options, got 'latin1' (string)"], // prettier-ignore
    ['textLines', () => textLines('a', { encodng: 'latin1' } as object), 'did you mean "encoding"?'],
    ...['utf-16', 'UTF-16BE', 'iso-2022-jp', 'klingon', 8].map(
      (encoding): [string, () => unknown, string] => [
        'textLines',
        () => textLines('a', { encoding: asAny(encoding) }),
        'Expected "encoding" to be the label of an encoding with line ends of one byte, such as "utf-8"',
      ],
    ),
    [
      'mapAsync',
      () => numbers.mapAsync(double, { concurrency: 0 }),
      'Expected "concurrency" to be an integer of at least 1, got 0 (number)',
    ],
    [
      'mapAsync',
      () => numbers.mapAsync(double, { concurency: 2 } as object),
      'Unknown option "concurency" of mapAsync: did you mean "concurrency"?',
    ],
    [
      'mapAsync',
      () => numbers.mapAsync(double, asAny(5)),
      'Expected mapAsync to be given an object of options, got 5 (number)',
    ],
    [
      'mapAsync',
      () => numbers.mapAsync(double, asAny(null)),
      'Expected mapAsync to be given an object of options, got null',
    ],
    [
      'sortBy',
      () => numbers.sortBy(double, asAny(null)),
      'Expected sortBy to be given an object of options, got null',
    ],
    [
      'sortBy',
      () => numbers.sortBy(double, { descending: asAny('yes') }),
      'Expected "descending" to be a boolean',
    ],
    ['sortBy', () => numbers.sortBy(double, { desc: true } as object), 'did you mean "descending"?'],
    ['sample', () => numbers.sample(1.5), 'Expected "fraction" to be a number from 0 to 1, got 1.5 (number)'],
    ['sample', () => numbers.sample(asAny('0.5')), 'Expected "fraction" to be a number from 0 to 1'],
    ['sample', () => numbers.sample(0.5, 0.5), 'Expected "seed" to be an integer, got 0.5'],
    ['union', () => numbers.union(asAny([1])), 'Expected "union" to be given datasets'],
    ['join', () => pairs.join(asAny([['a', 1]])), 'Expected "join" to be given datasets'],
    ['distinct', () => numbers.distinct(asAny(null)), 'Expected distinct to be given a function, got null'],
    [
      'forEach',
      () => numbers.forEach(asAny('log')),
      'Expected "forEach" to be a function, got \'log\' (string)',
    ],
    ['take', () => numbers.take(-1), 'Expected "n" to be an integer of at least 0, got -1 (number)'],
    ['top', () => numbers.top(0, double), 'Expected "n" to be an integer of at least 1, got 0 (number)'],
    ['top', () => numbers.top(2, asAny(undefined)), 'Expected "by" to be a function, got undefined'],
    ['topN', () => topN(1.5, double), 'Expected "n" to be an integer of at least 1'],
    ['histogram', () => histogram([1, 1]), 'Expected "edges" to be an array of numbers, each larger'],
    ['histogram', () => histogram(asAny(['0', 1])), 'Expected "edges" to be an array of numbers'],
    ['histogram', () => histogram(asAny('edges')), 'Expected "edges" to be an array'],
  ])('%s that breaks its rule is refused at the call', (_, call, message) => {
    // prettier-ignore
    expect(thrown(call)).toBeInstanceOf(OptionError);
    expect(call).toThrow(message);
  });
});

it('a promise that filter returns is an error, not a yes', async () => {
  const plan = numbers.filter((n) => Promise.resolve(n > 5)).toArray();
  await expect(plan.run(shared.options(1))).rejects.toThrow(
    'filter does not wait for a promise: use mapAsync first',
  );
});

describe.each([0, 1, 2])('parallelMap in %d processes', (processes) => {
  it('awaits whatever returns a promise, marked async or not, always or sometimes', async () => {
    const options = shared.options(processes, { chunkSize: 3 });
    const items = Array.from({ length: 10 }, (_, n) => n);
    const expected = items.map((n) => n + 1);
    expect(await parallelMap(items, (n) => n + 1, options)).toEqual(expected);
    expect(await parallelMap(items, async (n) => Promise.resolve(n + 1), options)).toEqual(expected);
    expect(await parallelMap(items, (n) => Promise.resolve(n + 1), options)).toEqual(expected);
    expect(await parallelMap(items, (n) => (n % 4 === 1 ? Promise.resolve(n + 1) : n + 1), options)).toEqual(
      expected,
    );
  });

  it('names the item whose call throws or rejects', async () => {
    const options = shared.options(processes, { chunkSize: 10 });
    const items = Array.from({ length: 10 }, (_, n) => n);
    const sync = (n: number): number => {
      if (n === 7) throw new RangeError('seven');
      return n;
    };
    const late = async (n: number): Promise<number> => {
      await Promise.resolve();
      if (n === 7) throw new RangeError('seven');
      return n;
    };
    for (const fn of [sync, late]) {
      const error = await caught(parallelMap<number, number>(items, fn, options));
      expect(error).toMatchObject({
        verb: 'parallelMap',
        index: 7,
        preview: '7',
        cause: { message: 'seven' },
      });
      const kept = await parallelMap<number, number>(items, fn, { ...options, onError: 'skip' });
      expect(kept).toEqual(items.filter((n) => n !== 7));
    }
  });
});
