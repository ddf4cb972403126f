import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  from,
  range,
  SerializationError,
  TaskError,
  TaskTimeoutError,
  WorkerCrashError,
} from '@forkfold/core';
import { caught, harness, until } from './harness.js';

const shared = harness();

/** Chunks of one record: all of the fold is over the results of chunks. */
const numbers = from([1, 2, 3, 4]);

describe('a fold over the results of chunks', () => {
  it('runs in the children, where a timeout reaches it', async () => {
    // The child sleeps, so that the test takes time from nobody.
    const endless = numbers.reduce((): number => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return 0;
    });
    // A chunk that a busy machine keeps so long is tried again; the fold takes too long at every attempt.
    const error = await caught(endless.run(shared.options(1, { timeout: 300, retries: 3 })));
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect((error as Error).message).toMatch(
      /^The fold of the results from chunk 0 on ran longer than 300 ms/,
    );
  });

  it('runs in the children, where an abort reaches it', async () => {
    const file = shared.fresh();
    const endless = from([file, file, file, file]).reduce((file): string => {
      process.getBuiltinModule('node:fs').writeFileSync(file, '');
      for (;;);
    });
    const reason = new Error('enough');
    const controller = new AbortController();
    const run = caught(endless.run(shared.options(2, { signal: controller.signal })));
    await until(() => existsSync(file));
    controller.abort(reason);
    expect(await run).toBe(reason);
  });

  it('is tried again when its child dies, and names how it died', async () => {
    const exits = numbers.reduce((): number => process.exit(3));
    const error = await caught(exits.run(shared.options(2, { retries: 1 })));
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toMatchObject({ exitCode: 3, attempts: 2 });
  });

  it.each([0, 1])('tells what it throws as any other function (%i processes)', async (processes) => {
    const rate = 2;
    const closes = await caught(numbers.reduce((a, b) => a * rate + b).run(shared.options(processes)));
    expect(closes).toBeInstanceOf(TaskError);
    expect((closes as Error).message).toContain(
      '`rate` is not visible in the child process: move the pipeline into a job',
    );
    const throws = await caught(
      numbers
        .reduce((): number => {
          throw undefined;
        })
        .run(shared.options(processes)),
    );
    expect(throws).toMatchObject({ name: 'TaskError', verb: 'reduce', chunk: 0, cause: undefined });
    const promises = await caught(
      numbers.reduce((a, b) => Promise.resolve(a + b) as unknown as number).run(shared.options(processes)),
    );
    expect(promises).toBeInstanceOf(SerializationError);
  });

  it.each([0, 1])('tells what the last step in the parent throws, too (%i processes)', async (processes) => {
    const aggregate = {
      zero: () => 0,
      add: (a: number, b: number) => a + b,
      merge: (a: number, b: number) => a + b,
      finish: (): number => {
        throw new RangeError('no end');
      },
    };
    const error = await caught(numbers.aggregate(aggregate).run(shared.options(processes)));
    expect(error).toMatchObject({ name: 'TaskError', verb: 'aggregate', chunk: -1 });
    expect((error as Error).message).toBe('aggregate threw RangeError: no end (in the parent process)');
    expect(((error as Error).cause as Error).name).toBe('RangeError');
  });

  it('is the same, bit for bit, however large its values are', async () => {
    const plan = range(3_000)
      .map((n) => [1 / (n + 1), n % 7 === 0 ? 'x'.repeat(20_000) : ''] as [number, string])
      .reduce(([a, s], [b, t]) => [a + b, s.length > t.length ? s : t]);
    const [sum, text] = await plan.run(shared.options(0, { chunkSize: 3 }));
    expect(await plan.run(shared.options(2, { chunkSize: 3 }))).toEqual([sum, text]);
    expect(await plan.run(shared.options(1, { chunkSize: 3, timeout: 60_000 }))).toEqual([sum, text]);
  });
});
