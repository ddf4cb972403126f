import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  ForkfoldError,
  from,
  OptionError,
  range,
  textLines,
  TaskError,
  WorkerCrashError,
  type Dataset,
  type RunOptions,
} from '@forkfold/core';
import { caught, fixture, harness } from './harness.js';

type Job = (numbers: Dataset<number>) => Dataset<number>;

const shared = harness();
const options = (more?: RunOptions): RunOptions => shared.options(2, more);
let jobs: Record<string, Job>;
beforeAll(async () => {
  jobs = (await import(fixture('rude.job.mjs'))) as Record<string, Job>;
});

const expected = [0, 2, 4, 6, 8, 10, 12, 14];
const run = (job: string): Promise<number[]> =>
  jobs[job]!(range(8))
    .toArray()
    .run(options({ chunkSize: 2, retries: 0 }));

describe('user code that is rude to its process', () => {
  it.each(['listens', 'changesDirectory', 'opensHandles', 'nests', 'pollutesPrototypes'])(
    '%s: the result is right, and so is that of the next run on the pool',
    async (job) => {
      expect(await run(job)).toEqual(expected);
      const file = shared.fresh();
      await writeFile(file, 'a\nb\n');
      expect(await textLines(file).countByValue().toMap().run(options())).toEqual(
        new Map([
          ['a', 1],
          ['b', 1],
        ]),
      );
    },
  );

  it.each(['sends', 'sendsGarbage'])('%s: process.send is refused, with the remedy', async (job) => {
    const error = await caught(run(job));
    expect(error).toBeInstanceOf(TaskError);
    expect(String(error)).toContain('return a value instead');
  });

  it('stopsListening: the child ends, and says why', async () => {
    const error = await caught(run('stopsListening'));
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(String(error)).toContain('removed the listener for messages');
    expect(await range(3).toArray().run(options())).toEqual([0, 1, 2]);
  });

  it('overwritesGlobals: a right result or an error, never a hang', async () => {
    const plan = jobs.overwritesGlobals!(range(8)).toArray();
    const result = await plan
      .run({ processes: 2, chunkSize: 2, retries: 0, tmpDir: shared.tmpDir })
      .catch((caught: unknown) => caught);
    if (!Array.isArray(result)) expect(result).toBeInstanceOf(ForkfoldError);
    else expect(result).toEqual(expected);
  });
});

it.each([1, 9])('a progress callback that throws at task %d rejects the run with its error', async (at) => {
  const error = new Error('from the callback');
  let calls = 0;
  const throwing = (): void => {
    if ((calls += 1) === at) throw error;
  };
  const rejecting = async (): Promise<void> => Promise.resolve(throwing());
  for (const progress of [throwing, rejecting]) {
    calls = 0;
    await expect(
      range(9)
        .toArray()
        .run(options({ chunkSize: 1, progress })),
    ).rejects.toBe(error);
    expect(calls).toBe(at);
  }
  expect(await range(3).count().run(options())).toBe(3);
});

it('keys that name parts of a prototype are data', async () => {
  const keys = ['__proto__', 'constructor', 'toString', '__proto__', 'hasOwnProperty'];
  const counts = await from(keys).countByValue().toMap().run(options());
  expect(counts).toEqual(
    new Map([
      ['__proto__', 2],
      ['constructor', 1],
      ['toString', 1],
      ['hasOwnProperty', 1],
    ]),
  );
});

it('children have an empty stdin, and leave that of a script of one file to the script', async () => {
  const running = promisify(execFile)(process.execPath, [fixture('stdin-lines.mjs')]);
  running.child.stdin!.end(Array.from({ length: 20_000 }, (_, n) => `${n}\n`).join(''));
  expect((await running).stdout).toBe('20000 199990000\n||0\n||0\n');
});

describe('permissions', () => {
  const attempt = async (path: string): Promise<string[]> => {
    const { writeFileSync } = await import('node:fs');
    const { spawnSync } = await import('node:child_process');
    return [() => writeFileSync(path, ''), () => spawnSync('true')].map((act) => {
      try {
        act();
        return 'done';
      } catch (error) {
        return (error as NodeJS.ErrnoException).code!;
      }
    });
  };

  it('keep children from writing files and starting processes, but not from spilling', async () => {
    const path = join(shared.tmpDir, 'written-by-a-child');
    const options = { processes: 1, permissions: true, tmpDir: shared.tmpDir };
    expect(await from([path]).mapAsync(attempt).toArray().run(options)).toEqual([
      ['ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED'],
    ]);
    const checkpoint = join(shared.tmpDir, 'checkpoint');
    const sorted = range(60_000)
      .map((n) => `${(n * 7919) % 60_000}`.padStart(40, '0'))
      .sortBy((text) => text)
      .map((text) => +text);
    for (const more of [{}, { checkpoint }]) {
      expect(await sorted.first().run({ ...options, ...more, memoryLimit: 32 })).toBe(0);
    }
  });

  it('let children write into the checkpoint, and to nothing that is called alike', async () => {
    // A comma once parted the paths of Node's flags.
    const checkpoint = join(shared.tmpDir, 'a,checkpoint');
    const paths = [join(checkpoint, 'run', 'x'), `${checkpoint}-of-another`, join(shared.tmpDir, 'a')];
    const made = from(paths).mapAsync(attempt).toArray();
    expect(await made.run({ processes: 1, permissions: true, tmpDir: shared.tmpDir, checkpoint })).toEqual(
      ['done', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED'].map((end) => [end, 'ERR_ACCESS_DENIED']),
    );
  });

  it('refuse a checkpoint whose name Node would take for many', async () => {
    const run = range(3)
      .count()
      .run({ processes: 1, permissions: true, tmpDir: shared.tmpDir, checkpoint: join(shared.tmpDir, 'a*') });
    await expect(run).rejects.toThrow(/an asterisk stands for any name: choose a path without one/);
    await expect(run).rejects.toBeInstanceOf(OptionError);
  });

  it('are off by default', async () => {
    const path = join(shared.tmpDir, 'written-by-a-child');
    expect(await from([path]).mapAsync(attempt).first().run(options())).toEqual(['done', 'done']);
  });
});
