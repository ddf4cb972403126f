import { rm } from 'node:fs/promises';
import type { ChildDeath, Outcome } from '../pool/pool.js';
import type { SkippedRecord, TaskDone } from '../protocol/reply.js';
import { isSearch, type RecordSelection, type TaskMessage } from '../protocol/task-message.js';
import type { TaskResult } from '../protocol/task-result.js';
import type { Ending } from './ending.js';
import { fatalWords } from '../child/fatal-report.js';
import { isKilled, isTooLarge } from './child-death.js';
import { accepted, mayHaveWritten } from './outcome.js';
import { findPoison, type PoisonRecord, type Trial } from './poison.js';
import type { Stops, TaskRunner } from './task-runner.js';
import { bootError, lastError, loadError, tooLargeError } from './wordings.js';
import { now, setTimeout } from '../timers.js';
import type { CancelSignal } from '../cancellation.js';

/** A boot that fails this often in a row will not succeed. */
const BOOT_TRIES = 3;

/**
 * Runs one task until it has a result. After a crash or a timeout it is tried again, with a short back-off. A task that
 * fails on every attempt is searched for the record that kills its child: the run then fails with an error that names
 * the record, or goes on without it. The task whose search can only end in an error stops all others: they give no
 * result.
 */
export async function withRetries(
  task: TaskMessage,
  runner: TaskRunner,
  stops: Stops,
): Promise<RetriedResult | undefined> {
  const { failing } = stops;
  const attempts = new Attempts(task, runner, stops);
  const guarded = async (coming: Promise<TaskResult>): Promise<RetriedResult | undefined> => {
    try {
      const result = await coming;
      return attempts.hasStopped ? { ...result, next: () => guarded(attempts.goOn()) } : result;
    } catch (error) {
      if (failing?.signal.aborted && error === failing.signal.reason) return undefined;
      throw error;
    }
  };
  return guarded(attempts.result());
}

/** What a task has given: all of it, or a part, and how the next one is asked for. */
export interface RetriedResult extends TaskResult {
  readonly next?: () => Promise<RetriedResult | undefined>;
}

/** The attempts at one task. */
class Attempts {
  readonly #task: TaskMessage;
  readonly #runner: TaskRunner;
  readonly #stops: Stops;
  #stop: CancelSignal;
  #count = 0;
  /** Records that it has given in parts. */
  #given = 0;
  /** The attempt that has given a part last, and the slot that it is on. */
  #stoppedAt: { readonly name: string; readonly slot: number } | undefined;
  #last: { readonly name: string; readonly slot: number } = { name: '', slot: 0 };
  /** Children that were killed from outside before they could begin. */
  #killed = 0;
  /** Records that kill their child, which are left out, by their numbers in the task. */
  readonly #skip: number[] = [];
  readonly #poison: SkippedRecord[] = [];

  constructor(task: TaskMessage, runner: TaskRunner, stops: Stops) {
    this.#task = task;
    this.#runner = runner;
    this.#stops = stops;
    this.#stop = stops.others;
  }

  /** Whether it has given a part, and waits to be asked for more. */
  get hasStopped(): boolean {
    return this.#stoppedAt !== undefined;
  }

  /** What comes after a part. Where its child is gone, the task is done again, but for what it has given. */
  async goOn(): Promise<TaskResult> {
    const { name, slot } = this.#stoppedAt!;
    const outcome = await this.#once({ ...this.#task, name, goesOn: true }, slot);
    if (outcome.kind === 'cancelled') throw this.#stop.reason;
    if (outcome.kind === 'reply') return this.#resultOf(accepted(outcome.reply));
    this.#stoppedAt = undefined;
    return this.result();
  }

  async result(): Promise<TaskResult> {
    const traceFile = `${this.#runner.tracePrefix}${this.#task.name}`;
    for (;;) {
      const ended = await this.#untilReply(traceFile);
      if ('ok' in ended) return this.#resultOf(ended);
      const found = await this.#findPoison(ended.ending, traceFile);
      const { settings } = this.#runner;
      const fatal = fatalWords(traceFile);
      const error = lastError({ ...ended, task: this.#task, poison: found, fatal }, settings);
      if (found === undefined || settings.onError === 'fail') throw error;
      const { record, chunk, preview, ...position } = found;
      this.#skip.push(record);
      // The trace of this record would mislead the search for another one.
      await rm(traceFile, { force: true });
      this.#poison.push({ verb: '', chunk, preview, ...position, error: error.message });
    }
  }

  /** Tries as often as it may. */
  async #untilReply(traceFile: string): Promise<TaskDone | { ending: Ending; attempts: number }> {
    for (let attempts = 1; ; attempts += 1) {
      // The first attempt runs at full speed. Others leave a trace of the record that they are at, and so does one that is
      // without a record which was found to blame: there may be more of its kind.
      const isTraced = attempts > 1 || this.#skip.length > 0;
      const outcome = await this.#try(isTraced ? { traceFile } : undefined);
      if (outcome.kind === 'reply') return accepted(outcome.reply);
      if (attempts > this.#runner.settings.retries) return { ending: outcome, attempts };
      await backOff(attempts);
    }
  }

  /** One try: a reply, or how the child ended. A boot that failed is not the task's fault. */
  readonly #try: Trial = async (selection) => {
    for (let boots = 1; ; boots += 1) {
      const name = `${this.#task.name}-${this.#count++}`;
      const outcome = await this.#once({ ...this.#task, name, ...this.#selected(selection) });
      if (outcome.kind === 'cancelled') throw this.#stop.reason;
      const { failedStarts } = this.#runner;
      if (outcome.kind !== 'died' || outcome.phase === 'task') {
        failedStarts.end(this.#last.slot);
        return outcome;
      }
      // Other tasks may have met the same in this slot meanwhile.
      const inARow = isKilled(outcome) ? boots : Math.max(boots, failedStarts.add(this.#last.slot));
      if (!this.#mayStartAgain(outcome, inARow)) {
        this.#stopOthers();
        throw this.#stop.aborted ? this.#stop.reason : await this.#startError(outcome, inARow);
      }
      await backOff(boots);
    }
  };

  /** Whether another child may do better than one that did not start. */
  #mayStartAgain(death: ChildDeath, boots: number): boolean {
    if (death.deadline !== undefined || isTooLarge(death.late?.error)) return false;
    if (!isKilled(death)) return boots < BOOT_TRIES;
    // Whoever has killed it from outside may do so at any moment, and that is what `retries` is for.
    this.#killed += 1;
    return this.#killed <= this.#runner.settings.retries;
  }

  async #once(given: TaskMessage, on?: number): Promise<Outcome> {
    const message = this.#runner.pausesNext ? { ...given, pauses: true } : given;
    this.#runner.pausesNext = false;
    const { pool, description, imports, settings, observer, workspace } = this.#runner;
    let slot = 0;
    let started = 0;
    const outcome = await pool.run(
      { message, description, imports },
      {
        // Whoever looks at a child takes his time.
        timeout: settings.inspect ? undefined : settings.timeout,
        signal: this.#stop,
        slot: on,
        isOnlyTry: settings.retries === 0,
        onStart(given) {
          slot = given;
          started = now();
          observer.attempt({ task: message, slot, started });
        },
        onPulse: (pulse) => observer.pulse({ ...pulse, task: message }),
      },
    );
    if (mayHaveWritten(message, outcome)) workspace?.mayBeMade();
    this.#last = { name: message.name, slot };
    observer.attempt({ task: message, slot, started, ended: now(), outcome });
    return outcome;
  }

  #selected(
    selection: RecordSelection | undefined,
  ): Partial<Pick<TaskMessage, 'selection' | 'given' | 'mayPause'>> {
    if (this.#skip.length > 0) return { selection: { ...selection, skip: this.#skip } };
    // Who looks for a record to blame wants no part of the others.
    if (selection !== undefined && isSearch(selection)) return { selection, mayPause: false };
    return { ...(selection && { selection }), ...(this.#given > 0 && { given: this.#given }) };
  }

  async #startError(death: ChildDeath, attempts: number): Promise<Error> {
    const { pool, modules } = this.#runner;
    const { phase, deadline, late } = death;
    if (phase === 'load' && deadline !== undefined) return loadError(modules, deadline);
    if (isTooLarge(late?.error)) return tooLargeError(late?.error);
    // A child that takes too long or was killed says nothing, and one that has said what it met need not be asked.
    const isMute = phase === 'load' || deadline !== undefined || late !== undefined || isKilled(death);
    return bootError(death, isMute ? '' : await pool.diagnose(), attempts);
  }

  /** The record that kills its child, where one does. */
  async #findPoison(ending: Ending, traceFile: string): Promise<PoisonRecord | undefined> {
    const { onError, retries } = this.#runner.settings;
    if (onError === 'fail') this.#stopOthers();
    // Without retries a function is never called twice for a record, unless records may be skipped.
    const isSearched = this.#task.fold === undefined && (retries > 0 || onError !== 'fail');
    return isSearched ? findPoison(this.#try, traceFile, ending) : undefined;
  }

  /** The run will fail: no other task needs to go on, while this one looks for the record to blame. */
  #stopOthers(): void {
    const { failing, run } = this.#stops;
    if (failing === undefined || failing.signal.aborted) return;
    failing.abort(new Error('Another task failed'));
    this.#stop = run;
  }

  #resultOf({ ok: _, more, covered = this.#task.chunks.length, ...done }: TaskDone): TaskResult {
    const { count, records } = done.skipped;
    this.#stoppedAt = more ? this.#last : undefined;
    this.#given += more ? done.emitted.records : 0;
    // A part covers no chunk, so that each is counted once.
    if (more) return { ...done, chunks: 0 };
    const skipped = { count: count + this.#poison.length, records: [...this.#poison, ...records] };
    return { ...done, skipped, chunks: covered };
  }
}

async function backOff(tries: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** Math.min(tries, 6)));
}
