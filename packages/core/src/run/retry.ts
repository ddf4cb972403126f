import { rm } from 'node:fs/promises';
import type { Settings } from '../options/run-options.js';
import type { Outcome, Pool } from '../pool/pool.js';
import type {
  RecordSelection,
  ResultBytes,
  SkippedRecord,
  TaskMessage,
  TaskReply,
} from '../protocol/messages.js';
import { bootError, lastError, toError, type Ending } from './to-error.js';
import { findPoison, type Trial } from './poison.js';

export interface TaskResult {
  readonly value: ResultBytes;
  readonly records: number;
  readonly emitted: { readonly records: number; readonly bytes: number };
  readonly chunks: number;
  /** How long the child worked on it. */
  readonly seconds: number;
  readonly skipped: { readonly count: number; readonly records: readonly SkippedRecord[] };
}

/** What ends the attempts of a task. */
export interface Stops {
  /** The run is over. */
  readonly signal: AbortSignal;
  /** The run is over, or will fail for the sake of another task. */
  readonly doomed: AbortSignal;
  readonly doom: AbortController;
}

/** A boot that fails this often in a row will not succeed. */
const BOOT_TRIES = 3;

/**
 * Runs one task until it has a result. After a crash or a timeout it is tried again, with a short back-off. A task that
 * fails on every attempt is searched for the record that kills its child: the run then fails with an error that names
 * the record, or goes on without it. The task whose search can only end in an error aborts `doom`, which stops all
 * others: they give no result.
 */
export async function attempt(
  task: TaskMessage,
  pool: Pool,
  settings: Settings,
  { signal, doomed, doom }: Stops,
): Promise<TaskResult | undefined> {
  const chunks = task.chunks.length;
  const skip: number[] = [];
  const poison: SkippedRecord[] = [];
  const { onError, retries } = settings;
  let runs = 0;
  let stop = doomed;
  const select = (selection: RecordSelection | undefined): { selection?: RecordSelection } => {
    if (skip.length === 0) return selection ? { selection } : {};
    return { selection: { ...selection, skip } };
  };
  /** One try: a reply, or how the child ended. A failed boot is not the task's fault. */
  const trial: Trial = async (selection) => {
    for (let boots = 1; ; boots += 1) {
      const name = `${task.name}-${runs++}`;
      const outcome = await once({ ...task, name, ...select(selection) }, pool, settings, stop);
      if (outcome.kind === 'cancelled') throw stop.reason;
      if (outcome.kind !== 'died' || outcome.phase === 'task') return outcome;
      if (boots >= BOOT_TRIES || outcome.deadline !== undefined) throw await bootError(outcome, pool, boots);
      await backOff(boots);
    }
  };

  async function persist(): Promise<TaskResult> {
    for (;;) {
      const beacon = `${task.run}-beacon-${task.name}`;
      let ending: Ending | undefined;
      let attempts = 0;
      // The first attempt runs at full speed; the others leave a trace of the record that they are at.
      do {
        if (attempts > 0) await backOff(attempts);
        const outcome = await trial(attempts > 0 ? { beacon } : undefined);
        if (outcome.kind === 'reply') {
          const { value, records, emitted, seconds, skipped } = accepted(outcome.reply);
          const described = [...poison, ...skipped.records];
          return {
            value,
            records,
            emitted,
            chunks,
            seconds,
            skipped: { count: skipped.count + poison.length, records: described },
          };
        }
        ending = outcome;
        attempts += 1;
      } while (attempts <= retries);

      // Without retries a function is never called twice for a record, unless records may be skipped.
      if (onError === 'fail') stop = doomOthers();
      const searched = task.fold === undefined && (retries > 0 || onError !== 'fail');
      const found = searched ? await findPoison(trial, beacon, ending) : undefined;
      if (found === undefined || onError === 'fail') throw lastError(ending, attempts, task, settings, found);
      const { ordinal, chunk, preview, ...position } = found;
      skip.push(ordinal);
      const { message } = lastError(ending, attempts, task, settings, found);
      // Its trace would mislead the search for another one.
      await rm(beacon, { force: true });
      poison.push({ verb: '', chunk, preview, ...position, error: message });
    }
  }

  /** The run will fail: no other task needs to go on, while this one looks for the record to blame. */
  function doomOthers(): AbortSignal {
    if (!doom.signal.aborted) {
      doom.abort(new Error('Another task failed'));
      return signal;
    }
    return stop;
  }

  try {
    return await persist();
  } catch (error) {
    if (doom.signal.aborted && error === doom.signal.reason) return undefined;
    throw error;
  }
}

async function once(
  task: TaskMessage,
  pool: Pool,
  settings: Settings,
  signal: AbortSignal,
): Promise<Outcome> {
  const slot = await pool.acquire();
  try {
    return await slot.run(task, { timeout: settings.timeout, signal });
  } finally {
    pool.release(slot);
  }
}

function accepted(reply: TaskReply): Extract<TaskReply, { ok: true }> {
  if (!reply.ok) throw toError(reply.failure);
  return reply;
}

async function backOff(tries: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** Math.min(tries, 6)));
}
