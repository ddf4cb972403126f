import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import {
  from,
  range,
  textLines,
  TaskError,
  TaskTimeoutError,
  WorkerCrashError,
  type Progress,
  type RunOptions,
} from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const numbers = Array.from({ length: 300 }, (_, n) => n);

describe('a record that kills its child', () => {
  const deadly = (n: number): number => {
    if (n === 137) process.exit(7);
    return n;
  };

  it('is named, with index, preview, attempts and exit code', async () => {
    const error = await caught(
      from(numbers)
        .map(deadly)
        .count()
        .run(shared.options(2, { chunkSize: 100 })),
    );
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toMatchObject({ index: 137, preview: '137', chunk: 1, attempts: 3, exitCode: 7 });
    expect((error as Error).message).toMatch(/at record 137.*137.*exit code 7/s);
  });

  it('is named by file and line', async () => {
    const file = shared.fresh();
    await writeFile(file, numbers.map((n) => `line ${n}\n`).join(''));
    const plan = textLines(file)
      .map((line) => {
        if (line === 'line 42') process.kill(process.pid, 'SIGKILL');
        return line;
      })
      .count();
    const error = await caught(plan.run(shared.options(2, { chunkBytes: 1000, retries: 1 })));
    expect(error).toMatchObject({ file, line: 43, preview: "'line 42'", signal: 'SIGKILL', attempts: 2 });
  });

  it('is found by bisection where death comes late', async () => {
    const plan = from(numbers)
      .mapAsync(async (n) => {
        await new Promise((resolve) => setTimeout(resolve, n === 33 ? 5 : 1));
        if (n === 33) process.exit(5);
        return n;
      })
      .count();
    const error = await caught(plan.run(shared.options(2, { chunkSize: 100, retries: 1 })));
    expect(error).toMatchObject({ index: 33, exitCode: 5 });
  });

  it.each([1, 1000])('is skipped, and so are others of its chunk, chunks of %d', async (chunkSize) => {
    const seen: Progress[] = [];
    const plan = from([...numbers, 137, 137])
      .map((n) => {
        if (n === 137) process.kill(process.pid, 'SIGKILL');
        return n;
      })
      .toArray();
    const options = shared.options(2, {
      chunkSize,
      retries: 0,
      onError: 'skip',
      progress: (p) => seen.push(p),
    });
    const result = await plan.run(options);
    expect(result).toEqual(numbers.filter((n) => n !== 137));
    expect(seen.at(-1)?.skipped).toBe(3);
  });

  it('and always exceeds the timeout is named, or skipped', async () => {
    const plan = from(numbers)
      .map((n) => {
        // The child sleeps, so that the test takes time from nobody.
        if (n === 250) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        return n;
      })
      .count();
    const options = shared.options(2, { timeout: 1000, retries: 1 });
    const error = await caught(plan.run(options));
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect(error).toMatchObject({ index: 250, preview: '250', timeout: 1000, attempts: 2 });
    expect(await plan.run({ ...options, retries: 0, onError: 'skip' })).toBe(299);
  });

  it('is named after a promise that never settles in this process, too', async () => {
    const waits = from(numbers).mapAsync((n) => (n === 250 ? new Promise<number>(() => undefined) : n));
    const options = shared.options(0, { chunkSize: 100, retries: 1, timeout: 100 });
    const error = await caught(waits.count().run(options));
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect(error).toMatchObject({ index: 250, preview: '250', timeout: 100, attempts: 2 });
    expect(await waits.count().run({ ...options, onError: 'skip' })).toBe(299);
  });

  it('is not sought where a function must not be called twice', async () => {
    const error = await caught(
      from(numbers)
        .map(deadly)
        .count()
        .run(shared.options(2, { chunkSize: 100, retries: 0 })),
    );
    expect(error).toMatchObject({ exitCode: 7, attempts: 1, chunk: 1, index: undefined });
  });
});

describe.each([0, 1, 2])('a record whose function throws, in %d processes', (processes) => {
  const options = (): RunOptions => shared.options(processes, { chunkSize: 50 });
  const odd = (n: number): number => {
    if (n % 100 === 7) throw new RangeError(`odd ${n}`);
    return n;
  };
  const kept = numbers.filter((n) => n % 100 !== 7);

  it('fails the run by default', async () => {
    const error = await caught(from(numbers).map(odd).count().run(options()));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).index! % 100).toBe(7);
  });

  it('is left out under skip, by every function of one record', async () => {
    const skip = { ...options(), onError: 'skip' } as const;
    const source = from(numbers);
    const oddKey = (n: number): number => {
      if (n % 100 === 7) throw new RangeError(`odd ${n}`);
      return -n;
    };
    expect(await source.map(odd).toArray().run(skip)).toEqual(kept);
    expect(await source.filter(odd).count().run(skip)).toBe(kept.length - 1);
    expect(
      await source
        .mapAsync(async (n) => {
          await Promise.resolve();
          if (n % 100 === 7) throw new Error('odd');
          return n;
        })
        .map((n) => {
          if (n % 100 === 8) throw new Error('even');
          return n;
        })
        .toArray()
        .run(skip),
    ).toEqual(kept.filter((n) => n % 100 !== 8));
    expect(await source.sortBy(oddKey).toArray().run(skip)).toEqual([...kept].reverse());
    expect(await source.distinct(oddKey).count().run(skip)).toBe(kept.length);
    expect(await source.keyBy(oddKey).countByKey().count().run(skip)).toBe(kept.length);
    const add = (total: number, n: number): number => {
      if (n % 100 === 7) throw new RangeError(`odd ${n}`);
      return total + n;
    };
    const total = { zero: () => 0, add, merge: (a: number, b: number) => a + b };
    const sum = kept.reduce((a, b) => a + b);
    expect(await source.aggregate(total).run(skip)).toBe(sum);
  });

  it('leaves nothing of itself in the result, though some of it had been given', async () => {
    const made = await from(numbers)
      .flatMap(function* (n) {
        yield n;
        if (n % 100 === 7) throw new Error('half way');
        yield n;
      })
      .reduce((a, b) => a + b)
      .run({ ...options(), onError: 'skip' });
    expect(made).toBe(2 * kept.reduce((a, b) => a + b));
  });

  it('does not hide the end of an endless flatMap', async () => {
    const taken = await from(numbers)
      .flatMap(function* (n) {
        for (;;) yield n;
      })
      .take(3)
      .run({ ...options(), onError: 'skip' });
    expect(taken).toEqual([0, 0, 0]);
  });

  it('fails the run once there are more than maxSkipped', async () => {
    const plan = from(numbers).map(odd).count();
    expect(await plan.run({ ...options(), onError: { maxSkipped: 3 } })).toBe(kept.length);
    const error = await caught(plan.run({ ...options(), onError: { maxSkipped: 2 } }));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as Error).message).toMatch(/3 records failed, more than maxSkipped: 2.*odd 207/);
    expect(error).toMatchObject({ index: 207 });
  });

  it('fails the run where a function of two records throws', async () => {
    const plan = from(numbers).reduce((a, b) => {
      if (b === 77) throw new Error('no sum');
      return a + b;
    });
    await expect(plan.run({ ...options(), onError: 'skip' })).rejects.toThrow('no sum');
  });

  it('is a record that is no pair', async () => {
    const pairs = from<unknown>([[1, 2], 'no pair', [1, 3]]) as ReturnType<typeof from<[number, number]>>;
    const plan = pairs.reduceByKey((a, b) => a + b).toArray();
    expect(await plan.run({ ...options(), onError: 'skip' })).toEqual([[1, 5]]);
  });
});

it.each(['never', { maxSkipped: -1 }, { maxskipped: 1 }, {}])('refuses onError: %p', async (onError) => {
  await expect(
    range(3)
      .count()
      .run({ onError: onError as never }),
  ).rejects.toThrow("Expected \"onError\" to be 'fail', 'skip' or { maxSkipped");
});
