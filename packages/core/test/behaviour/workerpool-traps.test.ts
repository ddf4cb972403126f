/**
 * What workerpool, left to itself, does to a map-reduce engine, and what a run does instead; one test a trap. They are
 * numbered. Covered elsewhere: a child in a busy loop outlives its parent (16) and Ctrl-C
 * reaches the whole process group (18) in left-behind.test.ts; a child that never starts (12) in jobs.test.ts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createPool,
  from,
  OptionError,
  range,
  WorkerCrashError,
  type Dataset,
  type Pool,
  type RunOptions,
} from '@forkfold/core';
import { caught, fixture, harness, isAlive, program, until } from './harness.js';

const shared = harness();

let throwing: (names: Dataset<string>) => Dataset<unknown>;
let deaf: (files: Dataset<string>) => Dataset<never>;
beforeAll(async () => {
  ({ throwing } = (await import(fixture('throwers.mjs'))) as { throwing: typeof throwing });
  ({ deaf } = (await import(fixture('deaths.mjs'))) as { deaf: typeof deaf });
});

const pidOf = async (options: RunOptions): Promise<number> => {
  const [pid] = await range(1).map(() => process.pid).toArray().run(options); // prettier-ignore
  return pid!;
};

describe('a run', () => {
  it('works in forked processes, not in threads, and speaks no JSON to them (1)', async () => {
    const [seen] = await from([new Map([[NaN, 1n]])])
      .mapAsync(async (map) => {
        const { isMainThread } = await import('node:worker_threads');
        return { isMainThread, pid: process.pid, map, connected: process.connected };
      })
      .toArray()
      .run(shared.options(1));
    expect(seen).toMatchObject({ isMainThread: true, connected: true });
    expect(seen!.pid).not.toBe(process.pid);
    expect([...seen!.map]).toEqual([[NaN, 1n]]);
  });

  it('goes on with queued work after a crash, without a push from outside (2)', async () => {
    const marker = shared.fresh();
    const items = Array.from({ length: 30 }, (_, n) => ({ n, marker }));
    const plan = from(items).mapAsync(async ({ n, marker }) => {
      const { existsSync, writeFileSync } = await import('node:fs');
      if (n === 3 && !existsSync(marker)) {
        writeFileSync(marker, '');
        process.exit(3);
      }
      return n;
    });
    expect(await plan.toArray().run(shared.options(1, { chunkSize: 1 }))).toEqual(items.map(({ n }) => n));
  });

  it('costs no child for a thrown 0, undefined, circular error or BigInt in an error (6, 7)', async () => {
    const pid = await pidOf(shared.options(1));
    for (const name of ['zero', 'undefined', 'circular', 'bigints', 'custom', 'hostile']) {
      const error = await caught(throwing(from([name])).toArray().run(shared.options(1))); // prettier-ignore
      expect(error).toMatchObject({ name: 'TaskError' });
    }
    expect(await pidOf(shared.options(1))).toBe(pid);
  });

  it('costs no child and no crash for what cannot be serialized, there or back (8)', async () => {
    const pid = await pidOf(shared.options(1));
    const there = await caught(from([() => 1]).count().run(shared.options(1))); // prettier-ignore
    const back = await caught(range(1).map(() => () => 1).toArray().run(shared.options(1))); // prettier-ignore
    for (const error of [there, back]) expect(error).toMatchObject({ name: 'SerializationError' });
    expect(await pidOf(shared.options(1))).toBe(pid);
  });

  it('delivers the error of a late throw whole, however large (9, 19)', async () => {
    const plan = range(1).mapAsync(async () => {
      setTimeout(() => {
        throw Object.assign(new RangeError('m'.repeat(5_000_000)), { code: 'E_LATE' });
      }, 1);
      await new Promise(() => undefined);
    });
    const error = await caught(plan.count().run(shared.options(1, { retries: 0 })));
    expect(error).toBeInstanceOf(WorkerCrashError);
    const cause = (error as Error).cause as Error;
    expect(cause).toMatchObject({ name: 'RangeError', code: 'E_LATE' });
    expect(cause.message).toHaveLength(5_000_000);
    expect((error as Error).message.length).toBeLessThan(5000);
  });

  it('gives its children their own heap limit, whatever the flags of this process (10)', async () => {
    expect(await program('heap-limit.mjs', [], ['--max-old-space-size=1500'])).toBe('true\n');
  });

  it('lets children write to the streams of this program, byte for byte, and lets it end (11, 17)', async () => {
    const output = await program('child-output.mjs');
    expect(output.split('\n').sort()).toEqual(['', 'logged', 'logged', 'é😀'.repeat(20_000)].sort());
  });

  it('loses no byte that its children have logged, though nobody reads before the end (11)', async () => {
    const alphabets = ['0123456789', 'ABCDEFGHIJ', 'KLMNOPQRST', 'abcdefghij'];
    const parent = spawn(process.execPath, [fixture('child-logs.mjs'), ...alphabets], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(parent.stderr, 'data');
    const output = await text(parent.stdout);
    // A pipe that is full takes the half of a line, and the next bytes may be another child's: lines may be torn, but
    // nothing of them is lost, and what each child has written is in its order.
    for (const letters of alphabets) {
      const lines = Array.from({ length: 2000 }, (_, i) =>
        `${10_000 + i}`.replace(/\d/g, (digit) => letters[Number(digit)]!).repeat(12),
      );
      expect(output.replace(new RegExp(`[^${letters}]`, 'g'), '')).toBe(lines.join(''));
    }
    expect(output.split('\n')).toHaveLength(alphabets.length * 2000 + 1);
  });

  it('is a native promise, and a child that cannot be forked rejects it (13)', async () => {
    const run = range(1).count().run(shared.options(1));
    expect(Object.prototype.toString.call(run)).toBe('[object Promise]');
    expect(run).toBeInstanceOf(Promise);
    await run;
    // Node throws at once for such a value.
    const env = { A: 'x'.repeat(4_000_000) };
    const refused = range(1).count().run({ processes: 1, env, tmpDir: shared.tmpDir }); // prettier-ignore
    const error = await caught(refused);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(/larger than the system takes/);
  });

  it('names exit code and signal of a dead child as values, not only in a text (14)', async () => {
    const exited = await caught(range(1).map(() => process.exit(42)).count().run(shared.options(1, { retries: 0 }))); // prettier-ignore
    expect(exited).toMatchObject({ exitCode: 42, signal: null });
    const plan = range(1).map(() => {
      process.kill(process.pid, 'SIGUSR2');
      for (;;);
    });
    const killed = await caught(plan.count().run(shared.options(1, { retries: 0 })));
    expect(killed).toMatchObject({ exitCode: null, signal: 'SIGUSR2' });
  });

  it('of a hundred thousand chunks is cancelled without a deep stack (15)', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const items = Array.from({ length: 100_000 }, (_, n) => n);
    const progress = ({ chunks }: { chunks: number }): void => {
      if (chunks > 10) controller.abort('enough');
    };
    const options = shared.options(2, { chunkSize: 1, signal, progress });
    expect(await caught(from(items).map((n) => n + 1).toArray().run(options))).toBe('enough'); // prettier-ignore
  });

  it('does not take a SIGINT of its children for a crash (18)', async () => {
    await using pool = createPool({ processes: 1 });
    const options = { pool, retries: 0, tmpDir: shared.tmpDir };
    const pid = await pidOf(options);
    const run = range(20).mapAsync(async (n) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return n;
    });
    const result = run
      .toArray()
      .run({ ...options, chunkSize: 1, progress: () => process.kill(pid, 'SIGINT') });
    expect(await result).toHaveLength(20);
    expect(await pidOf(options)).toBe(pid);
  });
});

describe('a pool', () => {
  const warm = async (pool: Pool): Promise<number> => pidOf({ pool, tmpDir: shared.tmpDir });

  it('closes though its children were killed before (3)', async () => {
    const pool = createPool({ processes: 2 });
    process.kill(await warm(pool), 'SIGKILL');
    await pool.close();
    await pool.close();
  });

  it('gives no task to a child that died while idle (4)', async () => {
    await using pool = createPool({ processes: 1 });
    const pid = await warm(pool);
    process.kill(pid, 'SIGKILL');
    expect(await range(3).count().run({ pool, retries: 0, tmpDir: shared.tmpDir })).toBe(3);
    expect(await warm(pool)).not.toBe(pid);
  });

  it('closes at once though a child is busy and deaf to SIGTERM (5)', async () => {
    const pool = createPool({ processes: 1 });
    const pid = await warm(pool);
    const file = shared.fresh();
    const run = caught(deaf(from([file])).count().run({ pool, tmpDir: shared.tmpDir })); // prettier-ignore
    await until(() => existsSync(file));
    await pool.close();
    expect(isAlive(pid)).toBe(false);
    expect(await run).toBeInstanceOf(OptionError);
  });

  it('forks no more once it is closed, not even for a run that is under way (17)', async () => {
    const pool = createPool({ processes: 2 });
    const pids = new Set<number>();
    const started = range(1000).mapAsync(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return process.pid;
    });
    const consume = async (): Promise<void> => {
      for await (const pid of started.stream({ pool, chunkSize: 1, tmpDir: shared.tmpDir })) {
        pids.add(pid);
        if (pids.size === 2) break;
      }
    };
    await consume();
    // Each has had an answer from a child, and more tasks that wait for one than there are children.
    const running = [1, 2].map(() => {
      let error: Promise<unknown>;
      const answered = new Promise<void>((resolve) => {
        const options = { pool, chunkSize: 1, tmpDir: shared.tmpDir, progress: () => resolve() };
        error = caught(started.count().run(options));
      });
      return { answered, error: error! };
    });
    await Promise.all(running.map(({ answered }) => answered));
    await pool.close();
    const errors = await Promise.all(running.map(({ error }) => error));
    for (const error of [...errors, await caught(warm(pool))]) {
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toContain('This pool is closed');
    }
    await until(() => ![...pids].some(isAlive));
  });
});

it('an ill-behaved listener of progress is heard, and harms no other run (13)', async () => {
  const boom = new Error('listener');
  const progress = (): never => {
    throw boom;
  };
  expect(await caught(range(10).count().run(shared.options(2, { progress })))).toBe(boom);
  expect(await range(10).count().run(shared.options(2))).toBe(10);
});
