import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CancelSignal } from '../../src/cancellation.js';
import { JobError, TaskTimeoutError, WorkerCrashError } from '../../src/errors.js';
import type { RunOptions } from '../../src/options/run-options.js';
import type { Outcome } from '../../src/pool/pool.js';
import type { RecordSelection, TaskMessage } from '../../src/protocol/task-message.js';
import type { TaskResult } from '../../src/protocol/task-result.js';
import type { AttemptEvent } from '../../src/report/observer.js';
import { withRetries } from '../../src/run/retry.js';
import type { Stops } from '../../src/run/task-runner.js';
import { encode } from '../../src/values/codec.js';
import { crash, done, doneOutcome, fakePool, runnerOf, taskOf } from './fake-runner.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'retry-test-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

interface Tried {
  readonly sent: TaskMessage[];
  readonly events: AttemptEvent[];
  readonly result: Promise<TaskResult | undefined>;
}

/** Runs a task of chunk 0 on a child that answers what `answer` says. */
function tryTask(
  answer: (message: TaskMessage, attempt: number, signal: CancelSignal) => Outcome | Promise<Outcome>,
  options: RunOptions = {},
  { stops, words = '' }: { stops?: Stops; words?: string } = {},
): Tried {
  const [sent, events]: [TaskMessage[], AttemptEvent[]] = [[], []];
  const { signal } = new AbortController();
  const pool = fakePool(
    (message, limits) => {
      sent.push(message);
      return answer(message, sent.length, limits.signal);
    },
    { words },
  );
  const observer = { attempt: (event: AttemptEvent) => void events.push(event) };
  const runner = runnerOf(pool, options, { observer, tracePrefix: join(directory, 'trace-') });
  return { sent, events, result: withRetries(taskOf(0), runner, stops ?? { run: signal, others: signal }) };
}

async function failureOf({ result }: Tried): Promise<Error> {
  const failed = await result.catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  return failed as Error;
}

/** A child with ten records, each of which is the square of its number: some of them kill it, soon or late. */
function child({ deadly, late = 0 }: { deadly: (record: number) => boolean; late?: number }) {
  return ({ selection = {} }: TaskMessage): Outcome => {
    const { only = [0, Infinity], skip = [], traceFile, describe: asked }: RecordSelection = selection;
    if (asked !== undefined) {
      const found = { chunk: 0, index: asked, preview: String(asked ** 2) };
      return { kind: 'reply', reply: { ...done, value: encode(found, 'result') } };
    }
    let dying = Infinity;
    for (let record = 0; record < 10; record += 1) {
      if (record < only[0] || record >= only[1] || skip.includes(record)) continue;
      if (traceFile !== undefined) writeFileSync(traceFile, new Float64Array([record]));
      if (deadly(record)) dying = Math.min(dying, record + late);
      if (record >= dying) return crash;
    }
    return dying < Infinity ? crash : doneOutcome;
  };
}

describe('a task', () => {
  it('that is done has a result, of all its chunks', async () => {
    const { sent, result } = tryTask(() => doneOutcome);
    const { ok: _, rss: __, disk: ___, ...expected } = done;
    expect(await result).toEqual({ ...expected, chunks: 1 });
    expect(sent).toEqual([{ ...taskOf(0), name: '0-0-0' }]);
  });

  it('whose function throws is not tried again', async () => {
    const failure = { kind: 'job', message: 'bad', position: {}, path: '' } as const;
    const reply = { ok: false, failure, rss: 0, disk: done.disk } as const;
    const tried = tryTask(() => ({ kind: 'reply', reply }));
    expect(await failureOf(tried)).toBeInstanceOf(JobError);
    expect(tried.sent).toHaveLength(1);
  });

  it('that crashes is tried again, under another name, and leaves a trace', async () => {
    const { sent, result } = tryTask((_, attempt) => (attempt === 1 ? crash : doneOutcome));
    expect(await result).toMatchObject({ records: 1, skipped: { count: 0 } });
    expect(sent).toMatchObject([
      { name: '0-0-0' },
      { name: '0-0-1', selection: { traceFile: join(directory, 'trace-0-0') } },
    ]);
    expect(sent[0]).not.toHaveProperty('selection');
  });

  it('is tried as often as the option says, and no more', async () => {
    const tried = tryTask(() => ({ kind: 'timeout' }), { retries: 0, timeout: 5 });
    const error = await failureOf(tried);
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect(error).toMatchObject({ attempts: 1, chunk: 0, timeout: 5 });
    expect(tried.sent).toHaveLength(1);
  });

  it('is told of to observers, with its slot and its times', async () => {
    const { events, result } = tryTask((_, attempt) => (attempt === 1 ? crash : doneOutcome));
    await result;
    expect(events.map(({ task, slot, outcome }) => [task.name, slot, outcome?.kind])).toEqual([
      ['0-0-0', 0, undefined],
      ['0-0-0', 0, 'died'],
      ['0-0-1', 0, undefined],
      ['0-0-1', 0, 'reply'],
    ]);
    for (const { started, ended = Infinity } of events) expect(started).toBeLessThanOrEqual(ended);
    expect(events[1]!.started).toBe(events[0]!.started);
  });
});

describe('a record that kills its child', () => {
  it('is named, after it has done so all alone', async () => {
    const tried = tryTask(child({ deadly: (record) => record === 6 }));
    const error = await failureOf(tried);
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error.message).toContain('even all alone (chunk 0 at record 6: 36)');
    expect(error).toMatchObject({ index: 6, attempts: 3 });
    expect(tried.sent.slice(3).map(({ selection }) => selection)).toEqual([
      { only: [6, 7] },
      { describe: 6 },
    ]);
  });

  it('is found where death comes late', async () => {
    for (const culprit of [0, 2, 5, 8]) {
      const tried = tryTask(child({ deadly: (record) => record === culprit, late: 3 }));
      expect(await failureOf(tried)).toMatchObject({ index: culprit });
    }
  });

  it('is left out where the run may skip, and so is the next one', async () => {
    const deadly = (record: number): boolean => record === 3 || record === 7;
    const { sent, result } = tryTask(child({ deadly }), { onError: 'skip', retries: 1 });
    expect(await result).toMatchObject({
      records: 1,
      skipped: {
        count: 2,
        records: [
          {
            verb: '',
            chunk: 0,
            index: 3,
            preview: '9',
            error: expect.stringContaining('on each of 2 attempts'),
          },
          { verb: '', chunk: 0, index: 7, preview: '49' },
        ],
      },
    });
    expect(sent.at(-1)).toMatchObject({ selection: { skip: [3, 7] } });
    // The trace of the first would have led to it again; once there was one, every attempt leaves its own.
    const isTraced = sent.map(({ selection }) => selection?.traceFile !== undefined);
    expect(isTraced).toEqual([false, true, false, false, true, true, false, false, true]);
  });

  it('is not named where none does so alone, such as where all together fill the memory', async () => {
    const tried = tryTask((message) => {
      const outcome = child({ deadly: () => false })(message);
      return message.selection?.only === undefined ? crash : outcome;
    });
    const error = await failureOf(tried);
    expect(error.message).toMatch(/^The child process died with signal SIGSEGV on each of 3 attempts while/);
    expect(error).toHaveProperty('index', undefined);
  });

  it('is not looked for where a function must not be called twice', async () => {
    const tried = tryTask(child({ deadly: (record) => record === 6 }), { retries: 0 });
    expect((await failureOf(tried)).message).not.toContain('record');
    expect(tried.sent).toHaveLength(1);
    // A run that may skip says that it may.
    const { result } = tryTask(child({ deadly: (record) => record === 6 }), { retries: 0, onError: 'skip' });
    expect(await result).toMatchObject({ skipped: { count: 1, records: [{ index: 6 }] } });
  });
});

describe('a child that does not start', () => {
  const boot = { ...crash, phase: 'boot', exitCode: 9, signal: null } as const;

  it('is no attempt at the task', async () => {
    const { sent, result } = tryTask((_, attempt) => (attempt < 3 ? boot : doneOutcome), { retries: 0 });
    expect(await result).toMatchObject({ records: 1 });
    expect(sent.map(({ name }) => name)).toEqual(['0-0-0', '0-0-1', '0-0-2']);
  });

  it('three times in a row ends the run with its words', async () => {
    const tried = tryTask(() => boot, {}, { words: 'bad option: --wrong' });
    const error = await failureOf(tried);
    expect(error.message).toBe(
      'The child process died while it started, with exit code 9, 3 times in a row: bad option: --wrong',
    );
    expect(tried.sent).toHaveLength(3);
  });

  it('three times in a row in one place ends the run, whichever tasks it was for', async () => {
    let [forks, asked] = [0, 0];
    const pool = fakePool((_, { signal }) => {
      if (signal.aborted) return { kind: 'cancelled' };
      forks += 1;
      return boot;
    });
    const runner = runnerOf({
      ...pool,
      diagnose: async () => Promise.resolve(`asked ${(asked += 1)} times`),
    });
    const [{ signal: run }, failing] = [new AbortController(), new AbortController()];
    const stops = { run, failing, others: AbortSignal.any([run, failing.signal]) };
    const ended = await Promise.allSettled(
      [0, 1, 2, 3, 4].map((number) => withRetries(taskOf(number), runner, stops)),
    );
    const reasons = ended.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
    expect(reasons).toEqual([expect.stringMatching(/3 times in a row: asked 1 times$/)]);
    expect(ended.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))).toEqual(
      Array(4).fill(undefined),
    );
    // The turn of a fourth had come.
    expect(forks).toBeLessThanOrEqual(4);
  });

  it.each([0, 1, 7])('because something kills it from outside, is tried again %d times', async (retries) => {
    const killed = { ...boot, exitCode: null, signal: 'SIGKILL' } as const;
    const lucky = tryTask((_, attempt) => (attempt <= retries ? killed : doneOutcome), { retries });
    expect(await lucky.result).toMatchObject({ records: 1 });
    const tried = tryTask(() => killed, { retries });
    const error = await failureOf(tried);
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toMatchObject({ signal: 'SIGKILL', attempts: retries + 1 });
    expect(tried.sent).toHaveLength(retries + 1);
  });

  it('because the system takes no such environment is not tried again', async () => {
    const cause = Object.assign(new Error('spawn E2BIG'), { code: 'E2BIG' });
    const tried = tryTask(() => ({ ...boot, exitCode: null, late: { error: cause } }));
    expect(await failureOf(tried)).toMatchObject({ name: 'OptionError', option: 'env', cause });
    expect(tried.sent).toHaveLength(1);
  });

  it('and has said why is not started once more to hear it', async () => {
    const late = { error: new RangeError('no way') };
    const tried = tryTask(() => ({ ...boot, late }), {}, { words: 'another fault' });
    expect((await failureOf(tried)).message).toContain('3 times in a row: [RangeError: no way]');
  });

  it('in time is not waited for again', async () => {
    const tried = tryTask(() => ({ ...boot, deadline: 60_000 }), {}, { words: 'never asked' });
    expect((await failureOf(tried)).message).toBe(
      'The child process did not start within 60 s, and was killed',
    );
    expect(tried.sent).toHaveLength(1);
  });

  it('its modules in time names them', async () => {
    const error = await failureOf(tryTask(() => ({ ...boot, phase: 'load', deadline: 60_000 })));
    expect(error).toBeInstanceOf(JobError);
    expect(error.message).toContain(
      'file:///jobs/a.mjs, file:///jobs/b.mjs did not finish loading within 60 s',
    );
  });
});

describe('a task that is stopped', () => {
  it('rejects with the reason of the run', async () => {
    const reason = new Error('enough');
    const run = AbortSignal.abort(reason);
    expect(await failureOf(tryTask(() => ({ kind: 'cancelled' }), {}, { stops: { run, others: run } }))).toBe(
      reason,
    );
  });

  it('for the sake of another one has no result, and no error', async () => {
    const [{ signal: run }, failing] = [new AbortController(), new AbortController()];
    const stops = { run, failing, others: AbortSignal.any([run, failing.signal]) };
    failing.abort(new Error('Another task failed'));
    expect(await tryTask(() => ({ kind: 'cancelled' }), {}, { stops }).result).toBeUndefined();
  });

  it('is every other one, once this one can only fail; its own search goes on', async () => {
    const [{ signal: run }, failing] = [new AbortController(), new AbortController()];
    const stops = { run, failing, others: AbortSignal.any([run, failing.signal]) };
    const signals: CancelSignal[] = [];
    const answer = child({ deadly: (record) => record === 6 });
    const tried = tryTask(
      (message, _, signal) => {
        signals.push(signal);
        return answer(message);
      },
      {},
      { stops },
    );
    expect((await failureOf(tried)).message).toContain('at record 6');
    expect(failing.signal.aborted).toBe(true);
    expect(signals.map((signal) => signal === run)).toEqual([false, false, false, true, true]);
  });

  it('is none, where the run may skip the record', async () => {
    const [{ signal: run }, failing] = [new AbortController(), new AbortController()];
    const stops = { run, failing, others: AbortSignal.any([run, failing.signal]) };
    const { result } = tryTask(child({ deadly: (record) => record === 6 }), { onError: 'skip' }, { stops });
    expect(await result).toMatchObject({ skipped: { count: 1 } });
    expect(failing.signal.aborted).toBe(false);
  });
});
