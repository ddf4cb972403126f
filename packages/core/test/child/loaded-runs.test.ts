import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import { LoadedRuns, UNKNOWN_RUN, type LostTask, type UnknownRun } from '../../src/child/loaded-runs.js';
import { addJob } from '../../src/plan/job-table.js';
import type { TaskReply } from '../../src/protocol/reply.js';
import { descriptionOf } from './descriptions.js';

const MODULE = 'loaded-runs:test';
const never = new Promise<void>(() => undefined);

let builds = 0;
let isBroken = false;
const { module, number, period } = addJob({
  module: MODULE,
  build: () => undefined,
  rebuild() {
    builds += 1;
    if (isBroken) throw new RangeError('not today');
    return [];
  },
});

/** The description of a run that builds the job above. */
const bytes = serialize(
  descriptionOf({
    calls: [{ module, number, period, arguments: [], print: { isOwn: false, functions: [] } }],
  }),
);

/** Runs of which the given ones are loaded. */
async function loadedRuns(names: readonly string[], description: Uint8Array = bytes): Promise<LoadedRuns> {
  const runs = new LoadedRuns(never);
  for (const name of names) expect(await runs.load(name, description, [])).toMatchObject({ ok: true });
  return runs;
}

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `run-${i}`);

const work = async (runs: LoadedRuns, run: string): Promise<TaskReply | UnknownRun | LostTask> =>
  runs.run({ run, stage: 0, name: '0-0', chunks: [] });

const isKnown = async (runs: LoadedRuns, run: string): Promise<boolean> =>
  (await work(runs, run)) !== UNKNOWN_RUN;

describe('a run', () => {
  it('is loaded once, though others take turns with it', async () => {
    builds = 0;
    const names = namesOf(20);
    const runs = await loadedRuns(names);
    for (const name of [...names, ...names]) {
      expect(await work(runs, name)).toMatchObject({ ok: true, records: 0 });
    }
    expect(builds).toBe(20);
  });

  it('is read from a file where its description is in one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'loaded-runs-'));
    const file = join(directory, 'run');
    await writeFile(file, bytes);
    const runs = new LoadedRuns(never);
    expect(await runs.load('a', { file }, [])).toMatchObject({ ok: true });
    await rm(directory, { recursive: true });
    expect(await isKnown(runs, 'a')).toBe(true);
    expect(await runs.load('b', { file }, [])).toMatchObject({ ok: false, failure: { kind: 'task' } });
  });

  it('is waited for by a task that comes while it is loaded', async () => {
    const runs = new LoadedRuns(never);
    const replies = [runs.load('a', bytes, []), work(runs, 'a')];
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ ok: true });
  });

  it('that is unknown is said to be so', async () => {
    expect(await work(await loadedRuns(['a']), 'b')).toEqual({ unknown: true });
  });

  it('is forgotten when five hundred others were used since, and no other one is', async () => {
    const names = namesOf(512);
    const runs = await loadedRuns(names);
    // The first is now the one that was used last.
    expect(await isKnown(runs, 'run-0')).toBe(true);
    await runs.load('one-more', bytes, []);
    expect(await isKnown(runs, 'run-1')).toBe(false);
    for (const name of ['run-0', 'run-2', 'run-511', 'one-more'])
      expect(await isKnown(runs, name)).toBe(true);
  });

  it('that is large is forgotten earlier, but eight are remembered whatever their size', async () => {
    const { place, ...rest } = descriptionOf();
    const large = serialize({ ...rest, place: { ...place, parts: 'x'.repeat(6 * 2 ** 20) } });
    const runs = await loadedRuns(namesOf(8), large);
    for (const name of namesOf(8)) expect(await isKnown(runs, name)).toBe(true);
    await runs.load('one-more', bytes, []);
    expect(await isKnown(runs, 'run-0')).toBe(false);
    expect(await isKnown(runs, 'run-1')).toBe(true);
    // To load a run again does not count its bytes twice: small ones find room.
    for (let i = 0; i < 50; i += 1) await runs.load('run-7', bytes, namesOf(7));
    for (const name of namesOf(100)) await runs.load(`small-${name}`, bytes, []);
    expect(await isKnown(runs, 'small-run-0')).toBe(true);
  });

  it('is forgotten when it is over and another one begins', async () => {
    const runs = await loadedRuns(['a', 'b']);
    await runs.load('c', bytes, ['a']);
    expect(await Promise.all(['a', 'b', 'c'].map((name) => isKnown(runs, name)))).toEqual([
      false,
      true,
      true,
    ]);
    // The name of a run may be used again at once.
    expect(await runs.load('b', bytes, ['b'])).toMatchObject({ ok: true });
    expect(await isKnown(runs, 'b')).toBe(true);
  });

  it('that could not be loaded is unknown, and is loaded anew', async () => {
    const runs = new LoadedRuns(never);
    isBroken = true;
    const failed = await runs.load('a', bytes, []);
    isBroken = false;
    const message = `Job ${number + 1} of ${MODULE} threw in the child process: RangeError: not today`;
    expect(failed).toMatchObject({ ok: false, failure: { kind: 'job', message } });
    expect(await isKnown(runs, 'a')).toBe(false);
    expect(await runs.load('a', bytes, [])).toMatchObject({ ok: true });
    expect(await isKnown(runs, 'a')).toBe(true);
  });
});
