import { describe, expect, it } from '@jest/globals';
import type { StageJournal } from '../../src/checkpoint/journal.js';
import type { Outcome } from '../../src/pool/pool.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import type { TaskResult } from '../../src/protocol/task-result.js';
import { schedule, type Schedule } from '../../src/run/scheduler.js';
import type { Supply } from '../../src/run/supply.js';
import { done, doneOutcome, fakePool, runnerOf, taskOf } from './fake-runner.js';

const failed: Outcome = {
  kind: 'reply',
  reply: {
    ok: false,
    failure: { kind: 'job', message: 'task 1 failed', position: {}, path: '' },
    rss: 0,
    disk: done.disk,
  },
};

type Answer = (number: number) => Outcome | Promise<Outcome>;

/** The results of tasks on two children, unless told otherwise. */
function results(
  tasks: Supply<TaskMessage>,
  answer: Answer,
  given: Partial<Schedule> & { readonly size?: number } = {},
): AsyncGenerator<TaskResult, void, undefined> {
  const { size = 2, ...rest } = given;
  const pool = fakePool(({ chunks }) => answer(chunks[0]!.number), { size });
  return schedule({
    tasks,
    runner: runnerOf(pool),
    window: 10,
    ordered: true,
    mayEndEarly: false,
    cancel: new AbortController(),
    journal: undefined,
    ...rest,
  });
}

const COMING = ['later', 'at once'] as const;
type Coming = (typeof COMING)[number];

/** What a generator gives, at once or later. */
function supplied(generator: Generator<TaskMessage, void>, coming: Coming): Supply<TaskMessage> {
  return {
    next:
      coming === 'at once'
        ? () => generator.next()
        : async () => Promise.resolve().then(() => generator.next()),
    return: async () => Promise.resolve(generator.return()),
  };
}

/** Tasks, and what was asked of them. */
function tasksOf(count: number, coming: Coming = 'later') {
  const calls = { pulled: 0, returned: 0 };
  function* tasks(): Generator<TaskMessage, void> {
    try {
      for (; calls.pulled < count;) yield taskOf(calls.pulled++);
    } finally {
      calls.returned += 1;
    }
  }
  return { tasks: supplied(tasks(), coming), calls };
}

/** What a child that was asked for a task answers when it is told to. */
function answeredLater(count: number) {
  const asked: number[] = [];
  const settle: ((outcome: Outcome) => void)[] = [];
  const begun = Array.from({ length: count }, () => {
    let begin = (): void => undefined;
    const promise = new Promise<void>((resolve) => (begin = resolve));
    return { promise, begin };
  });
  const answer = async (number: number): Promise<Outcome> => {
    asked.push(number);
    begun[number]!.begin();
    return new Promise((resolve) => (settle[number] = resolve));
  };
  return {
    asked,
    answer,
    begun: async (number: number) => begun[number]!.promise,
    finish(number: number, records = number): void {
      settle[number]!({ kind: 'reply', reply: { ...done, records } });
    },
    settle: (number: number, outcome: Outcome) => settle[number]!(outcome),
  };
}

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('results', () => {
  it('come in the order of the tasks, whichever is finished first', async () => {
    const { answer, begun, finish } = answeredLater(2);
    const all = results(tasksOf(2).tasks, answer);
    const first = all.next();
    await begun(1);
    finish(1);
    await begun(0);
    await turn();
    finish(0);
    expect((await first).value).toMatchObject({ records: 0, chunks: 1 });
    expect((await all.next()).value).toMatchObject({ records: 1 });
    expect((await all.next()).done).toBe(true);
  });

  it('come as they are finished where no order is asked for', async () => {
    const { answer, begun, finish } = answeredLater(2);
    const all = results(tasksOf(2).tasks, answer, { ordered: false });
    const first = all.next();
    await begun(1);
    finish(1);
    expect((await first).value).toMatchObject({ records: 1 });
    finish(0);
    expect((await all.next()).value).toMatchObject({ records: 0 });
    expect((await all.next()).done).toBe(true);
  });

  it('are never more than the window ahead of the consumer, nor are tasks pulled', async () => {
    const { tasks, calls } = tasksOf(20);
    const all = results(tasks, () => doneOutcome, { window: 3 });
    for (let taken = 1; taken <= 20; taken += 1) {
      expect((await all.next()).done).toBe(false);
      await turn();
      await turn();
      expect(calls.pulled).toBeLessThanOrEqual(taken + 3);
    }
    expect((await all.next()).done).toBe(true);
  });

  it('of tasks that a journal holds are taken from it, and others are recorded', async () => {
    const known = { ...done, records: 42, chunks: 1 };
    const recorded: [string, number][] = [];
    const asked: number[] = [];
    const journal: StageJournal = {
      find: ({ chunks }) => (chunks[0]!.number === 1 ? known : undefined),
      record: ({ name }, { records }) => void recorded.push([name, records]),
    };
    const answer: Answer = (number) => {
      asked.push(number);
      return doneOutcome;
    };
    const found = [];
    for await (const { records } of results(tasksOf(3).tasks, answer, { journal })) found.push(records);
    expect(found).toEqual([1, 42, 1]);
    expect(asked).toEqual([0, 2]);
    expect(recorded).toEqual([
      ['0-0', 1],
      ['0-2', 1],
    ]);
  });

  it('of no tasks are none', async () => {
    expect(await results(tasksOf(0).tasks, () => doneOutcome).next()).toEqual({
      done: true,
      value: undefined,
    });
  });
});

/** Results of tasks of which the second fails, or the source itself, and only then the first has its result. */
function failing(mayEndEarly: boolean, tasks: Supply<TaskMessage> = tasksOf(3).tasks) {
  let release = (): void => undefined;
  const rest = new Promise<void>((resolve) => (release = resolve));
  const watched: Supply<TaskMessage> = {
    async next() {
      try {
        return await tasks.next();
      } catch (error) {
        setImmediate(release);
        throw error;
      }
    },
    return: () => tasks.return(),
  };
  const answer: Answer = async (number) => {
    if (number === 1) setImmediate(release);
    else await rest;
    return number === 1 ? failed : doneOutcome;
  };
  return results(watched, answer, { mayEndEarly });
}

function* tornTasks(): Generator<TaskMessage, void> {
  yield taskOf(0);
  throw new Error('the source failed');
}

describe('a failure', () => {
  it('rejects at once', async () => {
    await expect(failing(false).next()).rejects.toThrow('task 1 failed');
  });

  it('waits for its turn where the run may end before', async () => {
    const all = failing(true);
    expect(await all.next()).toMatchObject({ done: false, value: { chunks: 1 } });
    await expect(all.next()).rejects.toThrow('task 1 failed');
    const ended = failing(true);
    await ended.next();
    expect(await ended.return(undefined)).toMatchObject({ done: true });
  });

  it.each(COMING)(
    'of a source that gives %s is no other, and waits for the tasks before it',
    async (coming) => {
      await expect(failing(false, supplied(tornTasks(), coming)).next()).rejects.toThrow('the source failed');
      const all = failing(true, supplied(tornTasks(), coming));
      expect(await all.next()).toMatchObject({ done: false });
      await expect(all.next()).rejects.toThrow('the source failed');
    },
  );

  it('of the journal is one, too', async () => {
    const journal: StageJournal = {
      find: () => undefined,
      record: () => {
        throw new Error('the disk is full');
      },
    };
    await expect(results(tasksOf(3).tasks, () => doneOutcome, { journal }).next()).rejects.toThrow(
      'disk is full',
    );
  });

  it.each(COMING)('of the journal that does not know the input any more is one, too (%s)', async (coming) => {
    const journal: StageJournal = {
      find: ({ chunks }) => {
        if (chunks[0]!.number === 1) throw new Error('the input has changed');
        return undefined;
      },
      record: () => undefined,
    };
    for (const mayEndEarly of [false, true]) {
      const { tasks, calls } = tasksOf(3, coming);
      const all = results(tasks, () => doneOutcome, { journal, mayEndEarly });
      const drain = async (): Promise<void> => {
        for await (const _ of all);
      };
      await expect(drain()).rejects.toThrow('the input has changed');
      expect(calls.returned).toBe(1);
    }
  });

  it.each(COMING)('pulls no more tasks, and returns a source that gives %s', async (coming) => {
    const { tasks, calls } = tasksOf(100, coming);
    const all = results(tasks, (number) => (number === 1 ? failed : doneOutcome), { size: 1 });
    const drain = async (): Promise<void> => {
      for await (const _ of all);
    };
    await expect(drain()).rejects.toThrow('task 1 failed');
    expect(calls.pulled).toBeLessThan(10);
    expect(calls.returned).toBe(1);
  });
});

describe('the end of a run', () => {
  it('by an abort rejects with its reason, untouched, whatever the order of tasks', async () => {
    for (const mayEndEarly of [false, true]) {
      const { answer, begun, settle } = answeredLater(2);
      const cancel = new AbortController();
      const all = results(tasksOf(2).tasks, answer, { cancel, mayEndEarly });
      const first = all.next();
      await begun(1);
      const reason = { why: 'enough' };
      cancel.abort(reason);
      for (const number of [0, 1]) settle(number, { kind: 'cancelled' });
      await expect(first).rejects.toBe(reason);
    }
  });

  it.each(COMING)(
    'waits until no task is under way, and gives back a source that gives %s',
    async (coming) => {
      const { tasks, calls } = tasksOf(100, coming);
      const { answer, begun, finish, settle, asked } = answeredLater(100);
      const cancel = new AbortController();
      const all = results(tasks, answer, { cancel });
      const first = all.next();
      await begun(1);
      finish(0);
      await first;
      let hasEnded = false;
      const ended = all.return(undefined).then(() => (hasEnded = true));
      await turn();
      expect(cancel.signal.aborted).toBe(true);
      expect(hasEnded).toBe(false);
      for (const number of asked.slice(1)) settle(number, { kind: 'cancelled' });
      await turn();
      // A child that became free has been asked for the next task in the meantime.
      for (const number of asked.slice(1)) settle(number, { kind: 'cancelled' });
      await ended;
      expect(calls.returned).toBe(1);
    },
  );

  it('does not wait for a source that never gives its next item', async () => {
    let returned = 0;
    const never: Supply<TaskMessage> = {
      next: async () => new Promise<never>(() => undefined),
      return: async () => {
        returned += 1;
        return new Promise(() => undefined);
      },
    };
    const cancel = new AbortController();
    const all = results(never, () => doneOutcome, { cancel });
    const first = all.next();
    await turn();
    cancel.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect(returned).toBe(1);
  });

  /** A task, of a source whose end never settles. */
  const endless = (): Supply<TaskMessage> => ({
    next: () => ({ done: false, value: taskOf(0) }),
    return: async () => new Promise(() => undefined),
  });

  it('tells a failure and an abort though the end of the source never settles', async () => {
    await expect(results(endless(), () => failed, { size: 1 }).next()).rejects.toThrow('task 1 failed');
    const cancel = new AbortController();
    const all = results(endless(), () => doneOutcome, { cancel, size: 1 });
    await all.next();
    cancel.abort(new Error('enough'));
    await expect(all.next()).rejects.toThrow('enough');
  });

  it('throws what the end of the source throws, unless the run has failed before', async () => {
    const torn = (): Supply<TaskMessage> => ({
      ...endless(),
      return: async () => Promise.reject(new Error('the source cannot be closed')),
    });
    await expect(results(torn(), () => failed, { size: 1 }).next()).rejects.toThrow('task 1 failed');
    const all = results(torn(), () => doneOutcome, { size: 1 });
    await all.next();
    await expect(all.return(undefined)).rejects.toThrow('cannot be closed');
  });
});
