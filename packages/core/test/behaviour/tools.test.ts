import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { range, type RunReport } from '@forkfold/core';
import { harness } from './harness.js';

const t = harness();
const index = join(import.meta.dirname, '..', '..', 'dist', 'index.js');

test('profile writes one profile of all children, and the report names the functions that took most', async () => {
  const profile = t.fresh();
  let report: RunReport | undefined;
  const plan = range(200_000)
    .map(function busy(n) {
      let sum = 0;
      for (let i = 0; i < 300; i += 1) sum += Math.sqrt(n + i);
      return sum;
    })
    .count();
  await plan.run({ processes: 2, profile, tmpDir: t.tmpDir, report: (given) => (report = given) });
  const { file, children, top } = report!.profile!;
  expect(children).toBe(2);
  expect(top.map(({ name }) => name)).toContain('busy');
  expect(top.length).toBeLessThanOrEqual(10);
  expect((await readdir(profile)).map((name) => join(profile, name))).toEqual([file]);
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, 'utf8')) as Record<
    string,
    unknown[]
  >;
  expect(nodes!.length).toBeGreaterThan(1);
  expect(samples!.length).toBe(timeDeltas!.length);
});

test('a run that fails leaves nothing of its profile but what is whole', async () => {
  const profile = t.fresh();
  const plan = range(1).map((n) => {
    if (n === 0) throw new Error('no');
    return n;
  });
  await expect(plan.count().run({ processes: 1, profile, tmpDir: t.tmpDir })).rejects.toThrow('no');
  expect((await readdir(profile)).filter((name) => !name.endsWith('.cpuprofile'))).toEqual([]);
});

test('inspect has the child with the first task wait for a debugger, which stops before it', async () => {
  const program = `import { range } from ${JSON.stringify(index)};
    const squares = range(3).map((n) => n * n).toArray();
    console.log(await squares.run({ processes: 1, chunkSize: 1, inspect: true, timeout: 1 }));`;
  const run = spawn(process.execPath, ['--input-type=module', '-e', program]);
  const stdout = text(run.stdout);
  const place = new Promise<string>((resolve) => {
    createInterface(run.stderr).on('line', (line) => {
      const found = /waits before its first task .*node inspect (\S+)/.exec(line);
      if (found !== null) resolve(found[1]!);
    });
  });
  const session = spawn(process.execPath, ['inspect', await place]);
  let seen = '';
  session.stdout.on('data', (chunk: Buffer) => {
    const before = seen.length;
    seen += chunk.toString();
    if (/break in .*pause/.test(seen) && !/break in .*pause/.test(seen.slice(0, before)))
      session.stdin.write('cont\n');
  });
  const ended = once(session, 'exit');
  expect(await once(run, 'exit')).toEqual([0, null]);
  expect(await stdout).toBe('[ 0, 1, 4 ]\n');
  expect(seen).toMatch(/break in .*pause/);
  session.kill();
  await ended;
});

test.each([
  [{ inspect: true, processes: 0 }, 'node --inspect-brk'],
  [{ profile: 'x', processes: 0 }, 'node --cpu-prof'],
])('%j is refused, and the error names the remedy', async (options, remedy) => {
  await expect(range(1).count().run(options)).rejects.toMatchObject({
    name: 'OptionError',
    message: expect.stringContaining(remedy) as unknown,
  });
});

test('a profile of warm children is refused', async () => {
  const plan = range(1).count();
  await expect(plan.run({ pool: t.pool, profile: 'x' })).rejects.toThrow('run without the pool');
});
