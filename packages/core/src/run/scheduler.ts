import { setMaxListeners } from 'node:events';
import type { Settings } from '../options/run-options.js';
import type { Pool } from '../pool/pool.js';
import type { TaskMessage } from '../protocol/messages.js';
import type { StageJournal } from '../checkpoint/journal.js';
import { attempt, type TaskResult } from './retry.js';

/** Milliseconds in which a source may hear that nobody wants it any more, while it is asked for an item. */
const RETURN_GRACE = 100;

/** The turn of what never waits. */
const AT_ONCE = -1;

/** No task is started while finished results that wait for their turn hold so many bytes. */
const HELD_BYTES = 64 * 2 ** 20;

/**
 * Runs tasks on a pool and yields their results, in order if `ordered`. Tasks are pulled lazily, at most `window` ahead
 * of what was yielded. Those that a journal holds are not run again. The first failure rejects at once; where the consumer may
 * end the run before (`mayEndEarly`), a failure waits for its turn, for it must not matter whether a task behind the last one
 * that is needed was faster. When it ends, nothing is under way any more.
 */
export async function* schedule(
  tasks: AsyncIterator<TaskMessage>,
  pool: Pool,
  settings: Settings & { readonly mayEndEarly?: boolean },
  window: number,
  cancel: AbortController,
  journal?: StageJournal,
): AsyncGenerator<TaskResult, void, undefined> {
  const { signal } = cancel;
  const doom = new AbortController();
  const doomed = AbortSignal.any([signal, doom.signal]);
  // Every slot listens; that is no leak.
  setMaxListeners(0, signal, doomed);
  // A task that waits for its turn to fail dooms no other.
  const stops = settings.mayEndEarly
    ? () => ({ signal, doomed: signal, doom: new AbortController() })
    : () => ({ signal, doomed, doom });
  const results = new Map<number, TaskResult>();
  let [pulled, yielded, underWay, held] = [0, 0, 0, 0];
  let [pulling, exhausted] = [false, false];
  let failure: { error: unknown; turn: number } | undefined;
  let wake = (): void => undefined;

  const fail = (error: unknown, number: number): void => {
    const turn = settings.mayEndEarly ? number : AT_ONCE;
    if (failure === undefined || turn < failure.turn) failure = { error, turn };
    wake();
  };
  const onAbort = (): void => fail(signal.reason, AT_ONCE);
  signal.addEventListener('abort', onAbort);

  function pull(): void {
    pulling = true;
    tasks
      .next()
      .then((next) => {
        pulling = false;
        if (next.done) exhausted = true;
        else start(pulled++, next.value);
        wake();
      })
      .catch((error: unknown) => {
        [pulling, exhausted] = [false, true];
        fail(error, pulled);
      });
  }

  function put(number: number, result: TaskResult): void {
    results.set(number, result);
    held += bytesOf(result);
  }

  function start(number: number, task: TaskMessage): void {
    const known = journal?.find(task);
    if (known !== undefined) {
      put(number, known);
      return;
    }
    underWay += 1;
    attempt(task, pool, settings, stops())
      .then((result) => {
        if (result === undefined) return;
        journal?.record(task, result);
        put(number, result);
      })
      .catch((error: unknown) => fail(error, number))
      .finally(() => {
        underWay -= 1;
        wake();
      });
  }

  try {
    for (;;) {
      if (signal.aborted) onAbort();
      if (failure && failure.turn <= yielded) throw failure.error;
      if (
        !failure &&
        !pulling &&
        !exhausted &&
        !doom.signal.aborted &&
        pulled - yielded < window &&
        // The task whose turn it is was started before those that hold them, so there will be room again.
        held < HELD_BYTES &&
        underWay < Math.max(1, pool.size) * 2
      )
        pull();
      const number = settings.ordered ? yielded : results.keys().next().value;
      const result = number === undefined ? undefined : results.get(number);
      if (result !== undefined) {
        results.delete(number!);
        yielded += 1;
        held -= bytesOf(result);
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
    if (unfinished) {
      const returned = tasks.return?.();
      if (!pulling) await returned;
      else if (returned) await patiently(returned);
    }
    while (underWay > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

function bytesOf({ value }: TaskResult): number {
  return 'file' in value ? 0 : value.length;
}

/** A source that is waiting for its next item may never settle: its return is awaited for a moment only. */
async function patiently(returned: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const moment = new Promise((resolve) => (timer = setTimeout(resolve, RETURN_GRACE)));
  await Promise.race([returned.catch(() => undefined), moment]);
  clearTimeout(timer);
}
