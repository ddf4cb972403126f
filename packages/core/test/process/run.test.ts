import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from '@forkfold/core';

if (!existsSync(new URL('../../dist/index.js', import.meta.url)))
  throw new Error('build first: npm run build');
const core = await import('@forkfold/core');
const { createPool, from, range, textLines, parallelMap, mapReduce, mean, topN } = core;

let pool: Pool;
let tmpDir: string;

beforeAll(async () => {
  tmpDir = await mkdtemp(join(tmpdir(), 'forkfold-test-'));
  pool = createPool({ processes: 2 });
});

afterAll(async () => {
  await pool.close();
  expect((await readdir(tmpDir)).filter((name) => name.startsWith('forkfold-'))).toEqual([]);
  await rm(tmpDir, { recursive: true });
});

const ways = [0, 1, 2].map((processes) => ({ processes }));

describe.each(ways)('with %p', (options) => {
  const numbers = Array.from({ length: 1000 }, (_, i) => i);

  it('maps in order', async () => {
    expect(await parallelMap(numbers, (n) => n * 2, options)).toEqual(numbers.map((n) => n * 2));
  });

  it('awaits asynchronous functions', async () => {
    expect(await parallelMap([1, 2, 3], async (n) => Promise.resolve(n + 1), options)).toEqual([2, 3, 4]);
  });

  it.each([1, 7, 5000])('folds floats bit for bit alike, chunks of %d', async (chunkSize) => {
    const plan = range(1, 1001)
      .map((n) => 1 / n)
      .reduce((a, b) => a + b);
    const expected = await plan.run({ processes: 0, chunkSize });
    expect(await plan.run({ ...options, chunkSize })).toBe(expected);
  });

  it('reduces in input order with an operation that is not commutative', async () => {
    const joined = await from(numbers)
      .map((n) => `${n}`)
      .reduce((a, b) => `${a},${b}`)
      .run({ ...options, chunkSize: 3 });
    expect(joined).toBe(numbers.join(','));
  });

  it('refuses to reduce nothing without an identity', async () => {
    await expect(
      from<number>([])
        .reduce((a, b) => a + b)
        .run(options),
    ).rejects.toBeInstanceOf(core.EmptyReduceError);
    expect(
      await from<number>([])
        .reduce((a, b) => a + b, 7)
        .run(options),
    ).toBe(7);
  });

  it('groups, counts and joins by key', async () => {
    const pairs = from(numbers).keyBy((n) => n % 3);
    expect(
      await pairs
        .groupByKey()
        .map(([key, values]) => [key, [...values].length] as const)
        .toMap()
        .run(options),
    ).toEqual(
      new Map([
        [0, 334],
        [1, 333],
        [2, 333],
      ]),
    );
    expect(
      await pairs
        .reduceByKey((a, b) => a + b)
        .toMap()
        .run(options),
    ).toEqual(new Map([0, 1, 2].map((k) => [k, numbers.filter((n) => n % 3 === k).reduce((a, b) => a + b)])));
    const other = from([
      [1, 'x'],
      [9, 'y'],
    ] as [number, string][]);
    expect(
      await from([
        [1, 'a'],
        [2, 'b'],
      ] as [number, string][])
        .fullJoin(other)
        .toArray()
        .run(options),
    ).toEqual(
      expect.arrayContaining([
        [1, ['a', 'x']],
        [2, ['b', undefined]],
        [9, [undefined, 'y']],
      ]),
    );
    expect(await from(['b', 'a', 'b']).distinct().toArray().run(options)).toEqual(['b', 'a']);
  });

  it.each([false, true])('sorts, and keeps equal keys in order, descending: %p', async (descending) => {
    const records = numbers.map((n) => ({ n, key: (n * 7919) % 10 }));
    const expected = [...records].sort((a, b) => (descending ? b.key - a.key : a.key - b.key));
    const sorted = from(records).sortBy(({ key }) => key, { descending });
    expect(await sorted.toArray().run({ ...options, chunkSize: 13 })).toEqual(expected);
  });

  it('compares keys by value', async () => {
    const keys = [
      '',
      '__proto__',
      '1',
      1,
      1n,
      NaN,
      NaN,
      0,
      -0,
      null,
      undefined,
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ];
    const counts = await from<unknown>(keys).countByValue().toArray().run(options);
    expect(counts).toHaveLength(keys.length - 3);
    expect(counts).toEqual(
      expect.arrayContaining([
        [NaN, 2],
        [0, 2],
        [{ a: 1, b: 2 }, 2],
        ['__proto__', 1],
      ]),
    );
  });

  it('runs a classic MapReduce, with and without a combiner', async () => {
    const functions = {
      map: (line: string) => line.split(' ').map((word) => [word, 1] as const),
      reduce: (_: string, ones: Iterable<number>) => [...ones].reduce((a, b) => a + b),
    };
    const expected = new Map([
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ]);
    expect(await mapReduce(['a b', 'b c'], functions, options)).toEqual(expected);
    expect(await mapReduce(['a b', 'b c'], { ...functions, combine: (a, b) => a + b }, options)).toEqual(
      expected,
    );
  });

  it('takes ready-made aggregators', async () => {
    expect(await range(101).aggregate(mean).run(options)).toBeCloseTo(50);
    expect(
      await range(50)
        .aggregate(topN(2, (n: number) => n % 7))
        .run(options),
    ).toEqual([6, 13]);
  });

  it.each([[0], [''], [null], [undefined], [10n], [{ a: 1 }]])(
    'delivers a thrown %p as the cause',
    async (thrown) => {
      const error: unknown = await from([thrown])
        .map((value) => {
          throw value as unknown as Error;
        })
        .toArray()
        .run(options)
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(core.TaskError);
      expect((error as Error).cause).toEqual(thrown);
    },
  );

  it('names the path to what cannot travel', async () => {
    const plan = range(5)
      .map((n) => ({ handler: n === 3 ? () => n : n }))
      .toArray();
    await expect(plan.run({ ...options, chunkSize: 5 })).rejects.toThrow('result[3].handler is a function');
    await expect(
      from([1, { f: () => 1 }])
        .count()
        .run(options),
    ).rejects.toThrow('input[1].f is a function');
  });

  it('explains a variable that the child cannot see', async () => {
    const taxRate = 2;
    await expect(
      range(3)
        .map((n) => n * taxRate)
        .toArray()
        .run(options),
    ).rejects.toThrow('`taxRate` is not visible in the child process');
  });

  it('takes a few of an endless source and returns it', async () => {
    let [pulled, returned] = [0, false];
    function* naturals(): Generator<number> {
      try {
        for (;;) yield pulled++;
      } finally {
        returned = true;
      }
    }
    expect(
      await from(naturals())
        .map((n) => n + 1)
        .take(5)
        .run({ ...options, tmpDir }),
    ).toEqual([1, 2, 3, 4, 5]);
    expect(returned).toBe(true);
    expect(pulled).toBeLessThan(2000);
  });

  it('rejects with the very error that the source threw', async () => {
    const boom = new Error('boom');
    function* torn(): Generator<number> {
      yield 1;
      throw boom;
    }
    await expect(from(torn()).toArray().run(options)).rejects.toBe(boom);
  });
});

describe('a child that dies', () => {
  const deaths: [string, (n: number) => unknown, RegExp][] = [
    ['exit 0', () => process.exit(0), /exit code 0/],
    ['exit 3', () => process.exit(3), /exit code 3/],
    [
      'SIGKILL',
      () => {
        process.kill(process.pid, 'SIGKILL');
        for (;;);
      },
      /SIGKILL/,
    ],
    [
      'SIGTERM',
      () => {
        process.kill(process.pid, 'SIGTERM');
        for (;;);
      },
      /SIGTERM/,
    ],
    ['abort', () => process.abort(), /SIGABRT/],
    [
      'disconnect',
      async () => {
        process.disconnect();
        await new Promise(() => undefined);
      },
      /exit code 1/,
    ],
    [
      'a late throw',
      async () => {
        setTimeout(() => {
          throw new Error('late');
        }, 1);
        await new Promise(() => undefined);
      },
      /late/,
    ],
  ];

  it.each(deaths)('by %s rejects with the cause, and the pool is usable after', async (_, die, cause) => {
    const error: unknown = await range(20)
      .mapAsync(die)
      .toArray()
      .run({ pool, retries: 1, tmpDir })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(core.WorkerCrashError);
    expect((error as Error).message).toMatch(cause);
    expect(
      await range(5)
        .map((n) => n + 1)
        .toArray()
        .run({ pool, tmpDir }),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  it('once is retried, and the result is right', async () => {
    const marker = join(tmpDir, 'died-once');
    const result = await from(Array.from({ length: 50 }, (_, n) => ({ n, marker })))
      .mapAsync(async ({ n, marker }) => {
        const { existsSync, writeFileSync } = await import('node:fs');
        if (n === 25 && !existsSync(marker)) {
          writeFileSync(marker, '');
          process.exit(3);
        }
        return n;
      })
      .toArray()
      .run({ pool, tmpDir });
    expect(result).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it('at boot ends after a few tries with its own message', async () => {
    const run = range(3)
      .count()
      .run({ processes: 1, execArgv: ['--no-such-flag'], tmpDir });
    await expect(run).rejects.toThrow(/--no-such-flag/);
  });
});

describe('a job', () => {
  it('runs in a one-file script without a main guard, and nothing after its run executes in a child', async () => {
    const script = fileURLToPath(new URL('../fixtures/one-file.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout).toBe('[1,4,7,10,13]\nafter\n');
  });
});

describe('a run', () => {
  it.each([1, 3, 40])(
    'gives the same keyed result, bit for bit, with %d partitions for any processes',
    async (partitions) => {
      const plan = range(2000)
        .map((n) => [n % 50, 1 / (n + 1)] as [number, number])
        .reduceByKey((a, b) => a + b)
        .toArray();
      const expected = await plan.run({ processes: 0, partitions, tmpDir });
      expect(await plan.run({ pool, partitions, tmpDir })).toEqual(expected);
      expect(expected).toHaveLength(50);
    },
  );

  it('kills a busy loop on timeout', async () => {
    const plan = range(4)
      .map((n) => {
        if (n === 2) for (;;);
        return n;
      })
      .toArray();
    await expect(plan.run({ pool, timeout: 300, retries: 0, tmpDir })).rejects.toBeInstanceOf(
      core.TaskTimeoutError,
    );
  });

  it('rejects with the reason of an abort, untouched', async () => {
    const controller = new AbortController();
    const reason = { why: 'enough' };
    setTimeout(() => {
      controller.abort(reason);
    }, 300);
    const plan = range(4)
      .map(() => {
        for (;;);
      })
      .toArray();
    await expect(plan.run({ pool, signal: controller.signal, tmpDir })).rejects.toBe(reason);
  });

  it('pulls its source a bounded way ahead of a slow consumer', async () => {
    let pulled = 0;
    const endless = (function* () {
      for (;;) yield pulled++;
    })();
    let seen = 0;
    for await (const n of from(endless).stream({ pool, chunkSize: 1, bufferSize: 4, tmpDir })) {
      expect(n).toBe(seen++);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(pulled - seen).toBeLessThanOrEqual(8);
      if (seen === 20) break;
    }
  });

  it.each([
    [{ processes: -1 }, 'Expected "processes" to be an integer from 0 to 1024, got -1 (number)'],
    [{ procesess: 2 }, 'did you mean "processes"?'],
    [{ timeout: 'soon' }, 'Expected "timeout" to be'],
  ])('refuses %j', async (options, message) => {
    await expect(
      range(3)
        .count()
        .run(options as never),
    ).rejects.toThrow(message);
  });

  it('finds a missing file before any child starts', async () => {
    await expect(textLines('no/such/file.txt').count().run({ pool })).rejects.toBeInstanceOf(
      core.SourceError,
    );
    await expect(textLines('no/such/*.txt').count().run({ pool })).rejects.toThrow('matches no file');
  });

  it('reads every line once, whatever the chunks', async () => {
    const file = join(tmpDir, 'lines.txt');
    const text = '\ufeffone\r\ntwo\n\nthrée\n' + 'x'.repeat(100) + '\nlast';
    await writeFile(file, text);
    for (const chunkBytes of [1, 2, 3, 7, 1000]) {
      expect(await textLines(file).toArray().run({ pool, chunkBytes, tmpDir })).toEqual(
        text.slice(1).split(/\r?\n/),
      );
    }
  });
});
