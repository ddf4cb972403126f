import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OptionError, range, WorkerCrashError, type RunOptions } from '@forkfold/core';
import { caught, harness, program, script } from './harness.js';

const shared = harness();

const preload = (code: string): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(`import fs from 'node:fs'; ${code}`)}`,
];

describe.each([1, 2])('the death of a child, of %d', (processes) => {
  const options = (more: RunOptions = {}): RunOptions => ({ processes, tmpDir: shared.tmpDir, ...more });

  it.each([
    ['process.abort', () => process.abort()],
    ['SIGABRT from outside', () => process.kill(process.pid, 'SIGABRT')],
  ])('by %s is not taken for a lack of memory', async (_, die) => {
    for (const retries of [0, 1]) {
      const { message, signal } = (await caught(
        range(3)
          .map(die)
          .toArray()
          .run(options({ retries, memoryLimit: 64 })),
      )) as WorkerCrashError;
      expect(signal).toBe('SIGABRT');
      expect(message).toMatch(/aborted, by process\.abort\(\), by native code or by V8/);
      expect(message).not.toMatch(/out of memory/);
    }
  });

  it('by a signal before it has started is made good as often as there are retries', async () => {
    const count = shared.fresh();
    writeFileSync(count, '');
    const code = `const tried = fs.readFileSync('${count}').length; fs.appendFileSync('${count}', '.');
      if (tried < 4) { process.kill(process.pid, 'SIGKILL'); for (;;); }`;
    const execArgv = preload(code);
    // There is one chunk, since another one would have retries of its own.
    const found = await range(3).toArray().run(options({ processes: 1, chunkSize: 3, execArgv, retries: 4 })); // prettier-ignore
    expect(found).toEqual([0, 1, 2]);
    writeFileSync(count, '');
    const error = await caught(range(3).toArray().run(options({ processes: 1, chunkSize: 3, execArgv, retries: 3 }))); // prettier-ignore
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toMatchObject({ signal: 'SIGKILL', attempts: 4 });
    expect(readFileSync(count, 'utf8')).toBe('....');
  });

  it.each([
    ['throws', "throw new RangeError('mine')", /RangeError: mine/],
    ['throws because it has a channel', "if (process.send) throw new RangeError('mine')", /RangeError: mine/],
    ['throws late', "setTimeout(() => { throw new RangeError('mine') }); await new Promise(() => 0)", /mine/],
    [
      'writes to stderr and exits',
      "fs.writeSync(2, 'my last words'); process.exit(7)",
      /exit code 7.*: my last words$/,
    ],
    ['says nothing', 'process.exit(7)', /exit code 7, 3 times in a row$/],
    ['has taken away process.send', 'process.send = undefined', /process\.send/],
  ])('whose preload %s is told in its own words', async (_, code, words) => {
    const error = await caught(
      range(3)
        .count()
        .run(options({ execArgv: preload(code) })),
    );
    expect(error).toBeInstanceOf(WorkerCrashError);
    const { message } = error as Error;
    expect(message).toMatch(words);
    expect(message).not.toMatch(/reading 'bind'/);
  });

  it('that Node refuses to start is told in its own words', async () => {
    const flags = caught(
      range(3)
        .count()
        .run(options({ execArgv: ['--no-such-flag'] })),
    );
    expect(String(await flags)).toMatch(/--no-such-flag/);
    const env = caught(
      range(3)
        .count()
        .run(options({ env: { NODE_OPTIONS: '--no-such-flag' } })),
    );
    expect(String(await env)).toMatch(/--no-such-flag is not allowed in NODE_OPTIONS/);
  });

  it('that the system refuses to start is an OptionError about the environment', async () => {
    const error = await caught(
      range(3)
        .count()
        .run(options({ env: { LARGE: 'x'.repeat(4_000_000) } })),
    );
    expect(error).toBeInstanceOf(OptionError);
    expect(String(error)).toMatch(/larger than the system takes: give large values to a job/);
  });
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

it('a child that runs out of memory says so', async () => {
  const output = await program('out-of-memory.mjs');
  const { message } = JSON.parse(output) as Error;
  expect(message).toMatch(/: out of memory \(the limit is 64 MB\): raise memoryLimit.*; V8 said "/);
  expect(existsSync('report.json')).toBe(false);
});
