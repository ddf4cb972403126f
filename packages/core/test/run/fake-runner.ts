import { checkOptions } from '../../src/options/check-options.js';
import type { RunOptions } from '../../src/options/run-options.js';
import type { ChildDeath, Outcome, TaskPool, TaskLimits } from '../../src/pool/pool.js';
import { poolOf } from '../../src/pool/slots.js';
import type { TaskReply } from '../../src/protocol/reply.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import { observers, type RunObserver } from '../../src/report/observer.js';
import { FailedStarts } from '../../src/run/failed-starts.js';
import type { TaskRunner } from '../../src/run/task-runner.js';

/** What a child answers that has worked on one record. */
export const done = {
  ok: true,
  value: new Uint8Array(),
  records: 1,
  emitted: { records: 1, bytes: 0 },
  seconds: 0,
  skipped: { count: 0, records: [] },
  rss: 0,
  disk: { written: 0, peak: 0, kept: 0 },
} as const satisfies TaskReply;

export const doneOutcome: Outcome = { kind: 'reply', reply: done };

export const crash: ChildDeath = { kind: 'died', phase: 'task', exitCode: null, signal: 'SIGSEGV' };

/** A task of one chunk, of no source at all. */
export function taskOf(number: number, name = `0-${number}`): TaskMessage {
  return { run: 'run', stage: 0, name, chunks: [{ number, branch: 0, source: {} }] };
}

/** A pool whose children give the answers of a function. */
export function fakePool(
  answer: (message: TaskMessage, limits: TaskLimits) => Outcome | Promise<Outcome>,
  { size = 1, words = '' } = {},
): TaskPool {
  const slot = {
    run: async ({ message }: { message: TaskMessage }, limits: TaskLimits) => answer(message, limits),
    forget: () => undefined,
    close: async () => Promise.resolve(),
  };
  return poolOf(
    Array.from({ length: size }, () => slot),
    size,
    async () => Promise.resolve(words),
  );
}

/** What runs tasks on a pool. Without `tracePrefix` no task may leave a trace. */
export function runnerOf(
  pool: TaskPool,
  options: RunOptions = {},
  { observer = {}, tracePrefix = '/nowhere/trace-' }: { observer?: RunObserver; tracePrefix?: string } = {},
): TaskRunner {
  return {
    pool,
    run: 'run',
    description: new Uint8Array(),
    imports: [],
    settings: checkOptions(options),
    observer: observers([observer]),
    modules: ['file:///jobs/a.mjs', 'file:///jobs/b.mjs'],
    tracePrefix,
    failedStarts: new FailedStarts(),
  };
}
