import {
  JobError,
  SerializationError,
  SourceError,
  TaskError,
  TaskTimeoutError,
  WorkerCrashError,
} from '../errors.js';
import type { Settings } from '../options.js';
import type { Outcome, Pool } from '../pool/pool.js';
import { decodeThrown, preview } from '../transport/error-codec.js';
import type { Failure, TaskMessage } from '../transport/messages.js';

export interface TaskResult {
  readonly value: Uint8Array;
  readonly records: number;
  readonly chunks: number;
}

/** A boot that fails this often in a row will not succeed. */
const BOOT_TRIES = 3;

/**
 * Runs tasks on a pool and yields their results, in order if `ordered`. Tasks are pulled lazily, at most `window` ahead
 * of what was yielded. The first failure rejects at once. When it ends, nothing is under way any more.
 */
export async function* schedule(
  tasks: AsyncIterator<TaskMessage>,
  pool: Pool,
  settings: Settings,
  window: number,
  cancel: AbortController,
): AsyncGenerator<TaskResult, void, undefined> {
  const { signal } = cancel;
  const results = new Map<number, TaskResult>();
  let [pulled, yielded, underWay] = [0, 0, 0];
  let [pulling, exhausted] = [false, false];
  let failure: { error: unknown } | undefined;
  let wake = (): void => undefined;

  const fail = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  const onAbort = (): void => fail(signal.reason);
  signal.addEventListener('abort', onAbort);

  function pull(): void {
    pulling = true;
    tasks.next().then(
      (next) => {
        pulling = false;
        if (next.done) exhausted = true;
        else start(pulled++, next.value);
        wake();
      },
      (error: unknown) => {
        [pulling, exhausted] = [false, true];
        fail(error);
      },
    );
  }

  function start(number: number, task: TaskMessage): void {
    underWay += 1;
    attempt(task, pool, settings, signal)
      .then((result) => results.set(number, result), fail)
      .finally(() => {
        underWay -= 1;
        wake();
      });
  }

  try {
    for (;;) {
      if (signal.aborted) fail(signal.reason);
      if (failure) throw failure.error;
      if (!pulling && !exhausted && pulled - yielded < window && underWay < Math.max(1, pool.size) * 2)
        pull();
      const number = settings.ordered ? yielded : results.keys().next().value;
      const result = number === undefined ? undefined : results.get(number);
      if (result !== undefined) {
        results.delete(number!);
        yielded += 1;
        yield result;
        continue;
      }
      if (exhausted && underWay === 0 && !pulling && results.size === 0) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    const unfinished = underWay > 0 || !exhausted;
    if (underWay > 0) cancel.abort();
    // A source that is waiting for its next item may never settle; its return is asked for, not awaited.
    if (unfinished) {
      const returned = tasks.return?.();
      if (!pulling) await returned;
      else returned?.catch(() => undefined);
    }
    while (underWay > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

/** Runs one task until it has a result: crashes and timeouts are tried again, with a short back-off. */
async function attempt(
  task: TaskMessage,
  pool: Pool,
  settings: Settings,
  signal: AbortSignal,
): Promise<TaskResult> {
  let [attempts, boots] = [0, 0];
  for (;;) {
    const slot = await pool.acquire();
    let outcome: Outcome;
    try {
      const name = `${task.name}-${attempts}${boots}`;
      outcome = await slot.run({ ...task, name }, { timeout: settings.timeout, signal });
    } finally {
      pool.release(slot);
    }
    if (outcome.kind === 'cancelled') throw signal.reason;
    if (outcome.kind === 'reply') {
      if (!outcome.reply.ok) throw toError(outcome.reply.failure);
      return { value: outcome.reply.value, records: outcome.reply.records, chunks: task.chunks.length };
    }
    if (outcome.kind === 'died' && outcome.phase === 'boot') {
      boots += 1;
      if (boots >= BOOT_TRIES) throw await bootError(outcome, pool, boots);
    } else {
      attempts += 1;
      if (attempts > settings.retries) throw lastError(outcome, attempts, task, settings);
    }
    await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** Math.min(attempts + boots, 6)));
  }
}

type Death = Extract<Outcome, { kind: 'died' }>;

function lastError(
  outcome: Death | { kind: 'timeout' },
  attempts: number,
  { chunks }: TaskMessage,
  { timeout = 0, memoryLimit }: Settings,
): Error {
  const what = `Chunk ${chunks[0]?.number ?? 0}`;
  if (outcome.kind === 'timeout') {
    const text = `${what} ran longer than ${timeout} ms on each of ${attempts} attempts: raise timeout or make chunks smaller`;
    return new TaskTimeoutError(text, { timeout, attempts });
  }
  const limit = memoryLimit === undefined ? '' : ` (the limit is ${memoryLimit} MB)`;
  const hint =
    outcome.signal === 'SIGKILL'
      ? ': killed by the system, probably out of memory: lower chunkBytes or chunkSize'
      : outcome.signal === 'SIGABRT' || outcome.signal === 'SIGTRAP' || outcome.exitCode === 134
        ? `: aborted, probably out of memory${limit}: raise memoryLimit or lower chunkBytes or chunkSize`
        : '';
  const late = outcome.late ? `; outside the task it met ${preview(outcome.late.error)}` : '';
  return new WorkerCrashError(
    `${what}: the child process died with ${ending(outcome)} on each of ${attempts} attempts${hint}${late}`,
    { exitCode: outcome.exitCode, signal: outcome.signal, attempts },
    outcome.late && { cause: outcome.late.error },
  );
}

async function bootError(outcome: Death, pool: Pool, attempts: number): Promise<Error> {
  const words = await pool.diagnose();
  const late = outcome.late ? String(outcome.late.error) : '';
  return new WorkerCrashError(
    `The child process died while it started, with ${ending(outcome)}, ${attempts} times in a row: ${words || late}`,
    { exitCode: outcome.exitCode, signal: outcome.signal, attempts },
    outcome.late && { cause: outcome.late.error },
  );
}

function ending({ exitCode, signal }: Death): string {
  return signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
}

function toError(failure: Failure): Error {
  switch (failure.kind) {
    case 'source':
      return new SourceError(failure.message, failure.position);
    case 'job':
      return new JobError(failure.message);
    case 'serialization':
      return new SerializationError(failure.message, failure.path);
    case 'task': {
      const { verb, chunk, position, hint, thrown } = failure;
      const cause = decodeThrown(thrown);
      const { file, line, byte, index } = position;
      const place =
        file === undefined
          ? index === undefined
            ? ''
            : ` at record ${index}`
          : ` at ${file}:${line ?? `byte ${byte}`}`;
      const what =
        cause instanceof Error ? `${cause.name}: ${hint ?? cause.message.slice(0, 1000)}` : preview(cause);
      const of = failure.preview === '' ? '' : `: ${failure.preview}`;
      const message = `${verb} threw ${what} (chunk ${chunk}${place}${of})`;
      const error = new TaskError(message, { verb, chunk, preview: failure.preview, ...position }, { cause });
      // The child's frames tell where; the parent's own lead into forkfold only.
      if (cause instanceof Error && typeof cause.stack === 'string') {
        error.stack = `${error.name}: ${message}\n${cause.stack
          .split('\n')
          .filter((text) => /^\s+at /.test(text))
          .join('\n')}`;
      }
      return error;
    }
  }
}
