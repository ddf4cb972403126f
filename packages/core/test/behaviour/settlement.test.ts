import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  from,
  range,
  TaskTimeoutError,
  WorkerCrashError,
  type Dataset,
  type Plan,
  type RunOptions,
} from '@forkfold/core';
import { caught, fixture, harness, isAlive, program, until } from './harness.js';

const shared = harness();

interface Item {
  readonly n: number;
  readonly way?: string;
  readonly marker?: string;
}
interface Deaths {
  mortal(items: Dataset<Item>): Dataset<number>;
  deaf(files: Dataset<string>): Dataset<never>;
}
let { mortal, deaf } = {} as Deaths;
beforeAll(async () => {
  ({ mortal, deaf } = (await import(fixture('deaths.mjs'))) as Deaths);
});

/** Of `length` items the first `deadly` kill their child: once, or always. */
function items(way: string, deadly: number, length: number, once: boolean): Item[] {
  const marker = once ? (): object => ({ marker: shared.fresh() }) : (): object => ({});
  return Array.from({ length }, (_, n) => (n < deadly ? { n, way, ...marker() } : { n }));
}

const numbers = (length: number): number[] => Array.from({ length }, (_, n) => n);

const endings: [way: string, exitCode: number | null, signal: string | null, message: RegExp][] = [
  ['exit 0', 0, null, /exit code 0/],
  ['exit 3', 3, null, /exit code 3/],
  ['exit 3, later', 3, null, /exit code 3/],
  ['SIGKILL', null, 'SIGKILL', /signal SIGKILL/],
  ['SIGTERM', null, 'SIGTERM', /signal SIGTERM/],
  ['abort', null, 'SIGABRT', /signal SIGABRT/],
  ['disconnect', 1, null, /exit code 1/],
  ['a late throw', 1, null, /exit code 1.*RangeError: too late/s],
  ['a floating rejection', 1, null, /exit code 1.*RangeError: nobody caught it/s],
];

describe.each([1, 2])('of %d children', (processes) => {
  // A task sees nothing but the end of its child, so each way meets each of these once, and not all their combinations.
  const ends = {
    1: { once: [{ die: 1, length: 20 }], always: [{ die: 1, length: 1 }] },
    2: {
      once: [
        { die: 1, length: 2 },
        { die: 2, length: 20 },
      ],
      always: [
        { die: 1, length: 20 },
        { die: 2, length: 2 },
      ],
    },
  }[processes as 1 | 2];

  describe.each(endings)('death by %s', (way, exitCode, signal, message) => {
    it.each(ends.once)(
      'of $die, once, of $length chunks, ends in the right result',
      async ({ die, length }) => {
        const plan = mortal(from(items(way, die, length, true))).toArray();
        expect(await plan.run(shared.options(processes, { chunkSize: 1 }))).toEqual(numbers(length));
      },
    );

    it.each(ends.always)(
      'of $die, every time, of $length chunks, ends in an error that names exit code or signal',
      async ({ die, length }) => {
        const plan = mortal(from(items(way, die, length, false))).toArray();
        const error = await caught(plan.run(shared.options(processes, { chunkSize: 1, retries: 0 })));
        expect(error).toBeInstanceOf(WorkerCrashError);
        expect(error).toMatchObject({ exitCode, signal, attempts: 1 });
        expect((error as Error).message).toMatch(message);
        expect(await range(3).count().run(shared.options(processes))).toBe(3);
      },
    );
  });

  const pids = async (options: RunOptions): Promise<number[]> => {
    const plan = range(40).mapAsync(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return process.pid;
    });
    return [...new Set(await plan.toArray().run({ ...options, chunkSize: 1 }))];
  };

  it.each(['SIGKILL', 'SIGTERM'] as const)('an idle one that dies of %s costs no retry', async (signal) => {
    const options = shared.options(processes, { retries: 0 });
    const alive = await pids(options);
    // At once: nobody has noticed its death yet.
    process.kill(alive[0]!, signal);
    expect(await range(20).toArray().run(options)).toEqual(numbers(20));
    const dying = await pids(options);
    for (const pid of dying) process.kill(pid, signal);
    // A pid is free once this process has taken note of the end.
    await until(() => !dying.some(isAlive));
    expect(await range(20).toArray().run(options)).toEqual(numbers(20));
  });

  it('one that dies once at boot is replaced', async () => {
    const marker = shared.fresh();
    const code = `import fs from 'node:fs'; if (!fs.existsSync('${marker}')) { fs.writeFileSync('${marker}', ''); process.exit(3); }`;
    const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
    const result = await range(20).toArray().run({ processes, execArgv, retries: 0, tmpDir: shared.tmpDir });
    expect(result).toEqual(numbers(20));
  });

  it.each(
    [
      ['process.exit(3)', /exit code 3, 3 times in a row/, 1],
      ["process.kill(process.pid, 'SIGKILL'); for (;;);", /signal SIGKILL, 3 times in a row/, undefined],
      ["throw new RangeError('no way')", /exit code 1, 3 times in a row: .*RangeError: no way/s, 2],
    ].filter(([, , only]) => only === undefined || only === processes) as [string, RegExp][],
  )('one that dies at every boot, by %s, ends the run after a few tries', async (code, message) => {
    const execArgv = ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
    const error = await caught(range(processes).count().run({ processes, execArgv, tmpDir: shared.tmpDir }));
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect((error as Error).message).toMatch(message);
  });

  it('a busy loop that is deaf to SIGTERM ends on abort, and so does its child', async () => {
    const file = shared.fresh();
    const controller = new AbortController();
    const reason = { why: 'enough' };
    const { signal } = controller;
    const run = caught(deaf(from([file])).toArray().run(shared.options(processes, { signal }))); // prettier-ignore
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
    controller.abort(reason);
    expect(await run).toBe(reason);
    expect(() => process.kill(Number(readFileSync(file, 'utf8')), 0)).toThrow('ESRCH');
  });

  it('a busy loop that is deaf to SIGTERM ends on timeout, and so does its child', async () => {
    const file = shared.fresh();
    const plan: Plan<never[]> = deaf(from([file])).toArray();
    const error = await caught(plan.run(shared.options(processes, { timeout: 500, retries: 0 })));
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect((error as Error).message).toMatch(/ran longer than 500 ms.*raise timeout/);
    expect(() => process.kill(Number(readFileSync(file, 'utf8')), 0)).toThrow('ESRCH');
  });
});

it('a child that runs out of memory once is replaced, and the result is right', async () => {
  const output = await program('out-of-memory-once.mjs', [shared.fresh()]);
  expect(JSON.parse(output)).toEqual(numbers(100));
});
