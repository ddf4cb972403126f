import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OptionError, range, WorkerCrashError, type RunOptions } from '@forkfold/core';
import { caught, harness, program, script } from './harness.js';

const shared = harness();

const preload = (code: string): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(`import fs from 'node:fs'; ${code}`)}`,
];

const options = (processes: number, more: RunOptions = {}): RunOptions => ({
  processes,
  tmpDir: shared.tmpDir,
  ...more,
});

// The words for a death are the same of one child and of two, so that each case has either.
describe('the death of a child', () => {
  it.each([
    [1, 0, 'process.abort', () => process.abort()],
    [2, 1, 'process.abort', () => process.abort()],
    [2, 0, 'SIGABRT from outside', () => process.kill(process.pid, 'SIGABRT')],
    [1, 1, 'SIGABRT from outside', () => process.kill(process.pid, 'SIGABRT')],
  ])(
    'of %d with %d retries, by %s, is not taken for a lack of memory',
    async (processes, retries, _, die) => {
      const plan = range(3).map(die).toArray();
      const { message, signal } = (await caught(
        plan.run(options(processes, { retries, memoryLimit: 64, chunkSize: 2 })),
      )) as WorkerCrashError;
      expect(signal).toBe('SIGABRT');
      expect(message).toMatch(/aborted, by process\.abort\(\), by native code or by V8/);
      expect(message).not.toMatch(/out of memory/);
    },
  );

  it('by a signal before it has started is made good as often as there are retries', async () => {
    const count = shared.fresh();
    writeFileSync(count, '');
    const code = `const tried = fs.readFileSync('${count}').length; fs.appendFileSync('${count}', '.');
      if (tried < 4) { process.kill(process.pid, 'SIGKILL'); for (;;); }`;
    const execArgv = preload(code);
    // There is one chunk, since another one would have retries of its own.
    const found = await range(3).toArray().run(options(1, { chunkSize: 3, execArgv, retries: 4 })); // prettier-ignore
    expect(found).toEqual([0, 1, 2]);
    writeFileSync(count, '');
    const error = await caught(range(3).toArray().run(options(1, { chunkSize: 3, execArgv, retries: 3 }))); // prettier-ignore
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toMatchObject({ signal: 'SIGKILL', attempts: 4 });
    expect(readFileSync(count, 'utf8')).toBe('....');
  });

  it.each([
    [1, 'throws', "throw new RangeError('mine')", /RangeError: mine/],
    [
      1,
      'throws because it has a channel',
      "if (process.send) throw new RangeError('mine')",
      /RangeError: mine/,
    ],
    [
      1,
      'throws late',
      "setTimeout(() => { throw new RangeError('mine') }); await new Promise(() => 0)",
      /mine/,
    ],
    [
      1,
      'writes to stderr and exits',
      "fs.writeSync(2, 'my last words'); process.exit(7)",
      /exit code 7.*: my last words$/,
    ],
    [2, 'says nothing', 'process.exit(7)', /exit code 7, 3 times in a row$/],
    [1, 'has taken away process.send', 'process.send = undefined', /process\.send/],
  ])('of %d whose preload %s is told in its own words', async (processes, _, code, words) => {
    const error = await caught(
      range(3)
        .count()
        .run(options(processes, { execArgv: preload(code) })),
    );
    expect(error).toBeInstanceOf(WorkerCrashError);
    const { message } = error as Error;
    expect(message).toMatch(words);
    expect(message).not.toMatch(/reading 'bind'/);
  });

  it.each([
    [1, 'its flags', { execArgv: ['--no-such-flag'] }, /--no-such-flag/],
    [
      2,
      'NODE_OPTIONS',
      { env: { NODE_OPTIONS: '--no-such-flag' } },
      /--no-such-flag is not allowed in NODE_OPTIONS/,
    ],
  ])(
    'of %d that Node refuses to start for %s is told in its own words',
    async (processes, _, more, words) => {
      expect(String(await caught(range(3).count().run(options(processes, more))))).toMatch(words);
    },
  );

  it.each([1, 2])(
    'of %d that the system refuses to start is an OptionError about the environment',
    async (processes) => {
      const error = await caught(
        range(3)
          .count()
          .run(options(processes, { env: { LARGE: 'x'.repeat(4_000_000) } })),
      );
      expect(error).toBeInstanceOf(OptionError);
      expect(String(error)).toMatch(/larger than the system takes: give large values to a job/);
    },
  );
});

it('a child that may start no thread says so, and is not asked for another reason', async () => {
  const text = `
    import { spawnSync } from 'node:child_process';
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    const main = \`const { range } = await import('@forkfold/core');
      console.log(await range(3).count().run({ processes: 1 }).catch((error) => error.message));\`;
    const flags = [flag, '--allow-fs-read=*', '--allow-fs-write=*', '--allow-child-process', '--input-type=module', '--eval'];
    console.log(spawnSync(process.execPath, [...flags, main], { encoding: 'utf8' }).stdout);`;
  const { stdout } = await script(text);
  expect(stdout).not.toMatch(/reading 'bind'/);
  expect(stdout).toMatch(/Access to this API has been restricted|allow-worker|^3/);
});

it('a job of a program without a file says what helps', async () => {
  const text = `
    import { defineJob, range } from '@forkfold/core';
    const job = defineJob(import.meta.url, (numbers) => numbers.map((n) => n + 1));
    console.log(await job(range(2)).toArray().run({ processes: 0 }));
    console.log(await job(range(2)).toArray().run({ processes: 1 }).catch((error) => error.message));`;
  const { stdout } = await script(text);
  expect(stdout).toMatch(/^\[ 1, 2 \]\n.*has no file for children to import: save it as one/);
});

it('a child that runs out of memory says so, and no record is to blame where many fill it together', async () => {
  const error = JSON.parse(await program('out-of-memory.mjs')) as Record<string, unknown>;
  expect(error).toMatchObject({ name: 'WorkerCrashError', signal: 'SIGABRT' });
  expect(error).not.toHaveProperty('index');
  const { message } = error;
  expect(message).toMatch(/: out of memory \(the limit is 64 MB\): raise memoryLimit.*; V8 said "/);
  expect(existsSync('report.json')).toBe(false);
});
