import { describe, expect, it } from '@jest/globals';
import { checkOptions } from '../../src/options/run-options.js';
import type { Outcome, Pool } from '../../src/pool/pool.js';
import { schedule } from '../../src/run/scheduler.js';
import type { TaskMessage, TaskReply } from '../../src/protocol/messages.js';

const done: TaskReply = {
  ok: true,
  value: new Uint8Array(),
  records: 1,
  emitted: { records: 1, bytes: 0 },
  seconds: 0,
  skipped: { count: 0, records: [] },
  rss: 0,
  disk: { written: 0, peak: 0, kept: 0 },
};
const failed: TaskReply = {
  ok: false,
  failure: { kind: 'job', message: 'task 1 failed', position: {}, path: '' },
  rss: 0,
  disk: done.disk,
};

/** Tasks of which the second fails, and only then the first has its result. */
function run(
  mayEndEarly: boolean,
  tasks: AsyncIterator<TaskMessage> = threeTasks(),
): AsyncGenerator<unknown> {
  let release = (): void => undefined;
  const rest = new Promise<void>((resolve) => (release = resolve));
  const slot = {
    async run({ chunks }: TaskMessage): Promise<Outcome> {
      const { number } = chunks[0]!;
      if (number === 1) setImmediate(release);
      else await rest;
      return { kind: 'reply', reply: number === 1 ? failed : done };
    },
  };
  const pool = { size: 2, acquire: () => Promise.resolve(slot), release: () => undefined } as unknown as Pool;
  const watched: AsyncIterator<TaskMessage> = {
    next: () =>
      tasks.next().catch((error: unknown) => {
        setImmediate(release);
        throw error;
      }),
  };
  const settings = { ...checkOptions({}), mayEndEarly };
  return schedule(watched, pool, settings, 10, new AbortController());
}

async function* threeTasks(): AsyncGenerator<TaskMessage> {
  for (const number of [0, 1, 2]) {
    yield { run: '', stage: 0, name: `${number}`, chunks: [{ number, branch: 0, source: {} as never }] };
  }
}

async function* tornTasks(): AsyncGenerator<TaskMessage> {
  yield (await threeTasks().next()).value as TaskMessage;
  throw new Error('the source failed');
}

describe('a failure', () => {
  it('rejects at once', async () => {
    await expect(run(false).next()).rejects.toThrow('task 1 failed');
  });

  it('waits for its turn where the run may end before', async () => {
    const results = run(true);
    expect(await results.next()).toMatchObject({ done: false, value: { chunks: 1 } });
    await expect(results.next()).rejects.toThrow('task 1 failed');
    const ended = run(true);
    await ended.next();
    expect(await ended.return(undefined)).toMatchObject({ done: true });
  });

  it('of the source is no other, and waits for the tasks that were pulled before it', async () => {
    await expect(run(false, tornTasks()).next()).rejects.toThrow('the source failed');
    const results = run(true, tornTasks());
    expect(await results.next()).toMatchObject({ done: false });
    await expect(results.next()).rejects.toThrow('the source failed');
  });
});
