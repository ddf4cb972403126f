import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { range, type RunSnapshot } from '@forkfold/core';
import { directories, harness, script } from './harness.js';

const place = directories(harness());

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly tid?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

async function readTrace(file: string): Promise<readonly Event[]> {
  const trace = JSON.parse(await readFile(file, 'utf8')) as { readonly traceEvents: readonly Event[] };
  return trace.traceEvents;
}

it('writes a trace: a thread for each child, its tasks, counters', async () => {
  const report = join(place.root, 'run.trace.json');
  await range(1000)
    .map((n) => [n % 7, 1] as [number, number])
    .reduceByKey((a, b) => a + b)
    .toArray()
    .run(place.options(2, { chunkSize: 100, report }));
  const events = await readTrace(report);
  const names = events.filter(({ name }) => name === 'thread_name').map(({ args }) => args!['name']);
  expect(names).toContain('child 1');
  const tasks = events.filter(({ ph }) => ph === 'X');
  expect(tasks.length).toBeGreaterThan(1);
  for (const { ts, dur, tid } of tasks) {
    expect(ts).toBeGreaterThanOrEqual(0);
    expect(dur).toBeGreaterThanOrEqual(0);
    expect(tid).toBeGreaterThan(0);
  }
  expect(new Set(tasks.map(({ name }) => name.split(' ')[0]))).toEqual(new Set(['reduceByKey', 'collect']));
  expect(tasks.reduce((sum, { args }) => sum + Number(args!['records']), 0)).toBe(1007);
  const counters = new Set(events.filter(({ ph }) => ph === 'C').map(({ name }) => name));
  expect([...counters]).toContain('memory in MB');
  expect(await readdir(place.root)).toContain('run.trace.json');
});

it('marks deaths and retries in a trace', async () => {
  const report = join(place.root, 'run.trace.json');
  const died = join(place.root, 'died');
  await range(4)
    .mapAsync(async (n) => {
      const { existsSync, writeFileSync } = await import('node:fs');
      if (n === 2 && !existsSync(process.env['DIED']!)) {
        writeFileSync(process.env['DIED']!, '');
        process.kill(process.pid, 'SIGKILL');
      }
      return n;
    })
    .count()
    .run({ processes: 1, chunkSize: 1, env: { DIED: died }, report });
  const marks = (await readTrace(report)).filter(({ ph }) => ph === 'i').map(({ name }) => name);
  expect(marks).toContain('died: SIGKILL');
  expect(marks).toContain('retry');
});

it('has a reporter write its file: versions while the run is under way, and a last one', async () => {
  const path = join(place.root, 'run.txt');
  const seen: RunSnapshot[] = [];
  let go: (() => void) | undefined;
  const underWay = new Promise<void>((resolve) => (go = resolve));
  const render = (snapshot: RunSnapshot): string => {
    seen.push(snapshot);
    go?.();
    return `version ${seen.length}`;
  };
  const options = place.options(1, { chunkSize: 1, report: { path, every: 0.01, render } });
  for await (const n of range(3).stream(options)) if (n === 0) await underWay;
  expect(seen.length).toBeGreaterThan(1);
  expect(seen[0]!.isUnderWay).toBe(true);
  expect(seen.at(-1)!.isUnderWay).toBe(false);
  expect(await readFile(path, 'utf8')).toBe(`version ${seen.length}`);
  expect(await readdir(place.root)).not.toContainEqual(expect.stringMatching(/^\.run/));
});

/** Runs a program that imports from forkfold; what follows are its arguments. */
const program = (text: string, ...given: string[]): ReturnType<typeof script> =>
  script(`import { range } from '@forkfold/core';\n${text}`, ...given);

it('a reporter that throws decides nothing, but for a warning', async () => {
  const { stdout, stderr } = await program(
    `const report = { path: process.argv[1], render: () => { throw new Error('no ink'); } };
    console.log(await range(10).count().run({ processes: 0, report }));`,
    join(place.root, 'run.txt'),
  );
  expect(stdout).toBe('10\n');
  expect(stderr).toContain('The report of a run was not taken: no ink');
});

it('says how to install what makes a page, before the run', async () => {
  // No package of which this one depends names it, so a program that lies here finds none.
  const { stdout } = await program(
    `const run = range(10).count().run({ processes: 0, report: process.argv[1] });
    await run.catch(({ name, option, message }) => console.log(name, option, message));`,
    join(place.root, 'run.html'),
  );
  expect(stdout).toContain('OptionError report');
  expect(stdout).toContain('npm install @forkfold/report');
});
