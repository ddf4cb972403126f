import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createPool, from, range, type RunOptions } from '@forkfold/core';
import { caught, harness, script } from './harness.js';

const shared = harness();

/** What a run may wait for by a timer, and how it ends; of `range`, `from` and `createPool`, since it travels as text, too. */
const waits = {
  'a chunk whose child dies is tried again': async (options: RunOptions): Promise<unknown> =>
    range(4)
      .map((n) => (n === 2 ? process.exit(3) : n))
      .toArray()
      .run({ ...options, processes: 1, chunkSize: 2, retries: 1 })
      .catch((error: unknown) => (error as Error).name),
  'a chunk that takes too long is given up': async (options: RunOptions): Promise<unknown> =>
    range(1)
      .map(() => {
        for (;;);
      })
      .toArray()
      .run({ ...options, processes: 1, timeout: 20, retries: 0 })
      .catch((error: unknown) => (error as Error).name),
  'a call that never settles is given up in this process': async (options: RunOptions): Promise<unknown> =>
    range(1)
      .mapAsync(() => new Promise<never>(() => undefined))
      .toArray()
      .run({ ...options, processes: 0, timeout: 20, retries: 0 })
      .catch((error: unknown) => (error as Error).name),
  'a slow source holds up nothing before it': async (options: RunOptions): Promise<unknown> => {
    let goOn = (): void => undefined;
    const wanted = new Promise<void>((resolve) => (goOn = resolve));
    const source = async function* (): AsyncGenerator<number> {
      yield 1;
      await wanted;
      yield 2;
    };
    const found: number[] = [];
    for await (const n of from(source).stream({ ...options, processes: 1 })) {
      found.push(n);
      goOn();
    }
    return found;
  },
  'a busy child of a pool is killed when it is closed': async (options: RunOptions): Promise<unknown> => {
    const pool = createPool({ processes: 1 });
    const records = range(2)
      .map((n) => {
        // The child sleeps, as deaf as in a loop, so that it takes time from nobody.
        if (n === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        return n;
      })
      .stream({ ...options, pool, chunkSize: 1, retries: 0 });
    await records.next();
    const ended = records.next().catch(() => 'ended');
    await pool.close();
    return ended;
  },
};
const ends = {
  'a chunk whose child dies is tried again': 'WorkerCrashError',
  'a chunk that takes too long is given up': 'TaskTimeoutError',
  'a call that never settles is given up in this process': 'TaskTimeoutError',
  'a slow source holds up nothing before it': [1, 2],
  'a busy child of a pool is killed when it is closed': 'ended',
};
const all = Object.entries(waits);

describe('with timers that jest fakes', () => {
  beforeEach(() => void jest.useFakeTimers({ now: new Date('2100-01-01') }));
  afterEach(() => void jest.useRealTimers());

  it.each(all)('%s', async (name, run) => {
    const { tmpDir } = shared;
    expect(await run({ tmpDir })).toEqual(ends[name as keyof typeof ends]);
  });

  it('an abort does not wait', async () => {
    const controller = new AbortController();
    const endless = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const { signal } = controller;
    const run = caught(from(endless).toArray().run(shared.options(1, { signal })));
    controller.abort('mine');
    expect(await run).toBe('mine');
  });
});

describe('with timers that node:test fakes', () => {
  let told: Record<string, unknown> = {};
  beforeAll(async () => {
    const text = `
      import { mock } from 'node:test';
      import { createPool, from, range } from '@forkfold/core';
      mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate'] });
      const told = {};
      ${all.map(([name, run]) => `told[${JSON.stringify(name)}] = await (${String(run)})({});`).join('\n')}
      console.log(JSON.stringify(told));`;
    told = JSON.parse((await script(text)).stdout) as typeof told;
  });

  it.each(all)('%s', (name) => {
    expect(told[name]).toEqual(ends[name as keyof typeof ends]);
  });
});
