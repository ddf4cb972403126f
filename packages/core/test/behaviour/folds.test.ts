import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

if (!existsSync(new URL('../../dist/index.js', import.meta.url)))
  throw new Error('build first: npm run build');
const { from, range, SerializationError, TaskError, TaskTimeoutError, WorkerCrashError } =
  await import('@forkfold/core');

/** Chunks of one record: all of the fold is over the results of chunks. */
const numbers = from([1, 2, 3, 4]);

async function failure(run: Promise<unknown>): Promise<Error> {
  return run.then(
    (result) => Promise.reject(new Error(`It gave ${String(result)}`)),
    (error: unknown) => error as Error,
  );
}

describe('a fold over the results of chunks', () => {
  it('runs in the children, where a timeout and an abort reach it', async () => {
    const endless = numbers.reduce((): number => {
      for (;;);
    });
    const error = await failure(endless.run({ processes: 1, timeout: 200, retries: 0 }));
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect(error.message).toMatch(/^The fold of the results from chunk 0 on ran longer than 200 ms/);
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 500);
    expect(await failure(endless.run({ processes: 2, signal: controller.signal }))).toBe(reason);
  });

  it('is tried again when its child dies, and names how it died', async () => {
    const exits = numbers.reduce((): number => process.exit(3));
    const error = await failure(exits.run({ processes: 2, retries: 1 }));
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toMatchObject({ exitCode: 3, attempts: 2 });
  });

  it.each([0, 1])('tells what it throws as any other function (%i processes)', async (processes) => {
    const rate = 2;
    const closes = await failure(numbers.reduce((a, b) => a * rate + b).run({ processes }));
    expect(closes).toBeInstanceOf(TaskError);
    expect(closes.message).toContain(
      '`rate` is not visible in the child process: move the pipeline into a job',
    );
    const throws = await failure(
      numbers
        .reduce((): number => {
          throw undefined;
        })
        .run({ processes }),
    );
    expect(throws).toMatchObject({ name: 'TaskError', verb: 'reduce', chunk: 0, cause: undefined });
    const promises = await failure(
      numbers.reduce((a, b) => Promise.resolve(a + b) as unknown as number).run({ processes }),
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
    const error = await failure(numbers.aggregate(aggregate).run({ processes }));
    expect(error).toMatchObject({ name: 'TaskError', verb: 'aggregate', chunk: -1 });
    expect(error.message).toBe('aggregate threw RangeError: no end (in the parent process)');
    expect((error.cause as Error).name).toBe('RangeError');
  });

  it('is the same, bit for bit, however large its values are', async () => {
    const plan = range(3_000)
      .map((n) => [1 / (n + 1), n % 7 === 0 ? 'x'.repeat(20_000) : ''] as [number, string])
      .reduce(([a, s], [b, t]) => [a + b, s.length > t.length ? s : t]);
    const [sum, text] = await plan.run({ processes: 0, chunkSize: 3 });
    expect(await plan.run({ processes: 2, chunkSize: 3 })).toEqual([sum, text]);
    expect(await plan.run({ processes: 1, chunkSize: 3, timeout: 60_000 })).toEqual([sum, text]);
  });
});
