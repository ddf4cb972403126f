import { isThenable } from '../values/thenable.js';
import type { StageJournal } from '../checkpoint/journal.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { TaskResult } from '../protocol/task-result.js';
import { withRetries, type RetriedResult } from './retry.js';
import type { Supplied, Supply } from './supply.js';
import type { Stops, TaskRunner } from './task-runner.js';
import { Window } from './window.js';
import { patiently } from './patiently.js';
import { Cancellation, type Canceller, type CancelSignal } from '../cancellation.js';

/** Milliseconds in which a source may hear that nobody wants it any more. */
const GRACE = {
  /** It is asked for an item, which it may never give. */
  pulled: 100,
  /** There is an error to tell. */
  failing: 500,
  /** All is well. */
  done: 5000,
} as const;

/** The turn of a failure that does not wait for those of tasks: an abort fails the run at once. */
const AT_ONCE = -1;

/** How the tasks of a stage are to be run. */
export interface Schedule {
  readonly tasks: Supply<TaskMessage>;
  readonly runner: TaskRunner;
  /** How many tasks may be ahead of what was yielded. */
  readonly window: number;
  readonly ordered: boolean;
  /** Whether the consumer may end the run before the last task. */
  readonly mayEndEarly: boolean;
  /** Ends the run. */
  readonly cancel: Canceller;
  readonly journal: StageJournal | undefined;
  /** Whether tasks may hand over a part of their records before their end. */
  readonly mayPause?: boolean;
}

/**
 * Runs tasks on a pool and yields their results, in order if `ordered`. Tasks are pulled lazily. Those that a journal
 * holds are not run again. The first failure rejects at once; where the consumer may end the run before (`mayEndEarly`), a
 * failure waits for its turn, for it must not matter whether a task behind the last one that is needed was faster. When
 * it ends, nothing is under way any more.
 */
export async function* schedule(schedule: Schedule): AsyncGenerator<TaskResult, void, undefined> {
  const run = new ScheduledTasks(schedule);
  try {
    for (;;) {
      const next = run.next();
      if (next === 'end') return;
      if (next === 'wait') await run.change();
      else yield next;
    }
  } finally {
    await run.end();
  }
}

class ScheduledTasks {
  readonly #schedule: Schedule;
  readonly #window: Window<TaskResult>;
  readonly #stops: Stops;
  #isPulling = false;
  #isExhausted = false;
  #failure: { readonly error: unknown; readonly turn: number } | undefined;
  #wake = (): void => undefined;
  readonly #onAbort = (): void => this.#fail(this.#schedule.cancel.signal.reason, AT_ONCE);

  constructor(schedule: Schedule) {
    const { runner, window, ordered, mayEndEarly, cancel } = schedule;
    this.#schedule = schedule;
    this.#window = new Window({ size: window, slots: runner.pool.size, ordered });
    this.#stops = stopsOf(cancel.signal, mayEndEarly);
    cancel.signal.addEventListener('abort', this.#onAbort);
  }

  /** The next result; whether to wait for a change; or the end. @throws What has failed, once it is its turn. */
  next(): TaskResult | 'wait' | 'end' {
    const window = this.#window;
    if (this.#schedule.cancel.signal.aborted) this.#onAbort();
    while (this.#mayPull) this.#pull();
    const failure = this.#failure;
    if (failure !== undefined && failure.turn <= window.turn) throw failure.error;
    const result = window.take();
    if (result !== undefined) {
      result.goOn?.();
      return result;
    }
    return this.#isExhausted && !this.#isPulling && window.isEmpty ? 'end' : 'wait';
  }

  get #mayPull(): boolean {
    if (this.#isPulling || this.#isExhausted || this.#failure !== undefined) return false;
    return !this.#stops.failing?.signal.aborted && this.#window.hasRoom;
  }

  /** Resolves when there may be something new. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Stops what is under way, and waits for its end. */
  async end(): Promise<void> {
    const { tasks, cancel } = this.#schedule;
    const isFailing = this.#failure !== undefined || cancel.signal.aborted;
    cancel.signal.removeEventListener('abort', this.#onAbort);
    const isUnfinished = this.#window.underWay > 0 || !this.#isExhausted;
    if (this.#window.underWay > 0) cancel.abort();
    if (isUnfinished) {
      const returned = tasks.return();
      if (!this.#isPulling && !isFailing) await patiently(returned, GRACE.done);
      // The error that ends a run is told, whatever its source says to its end.
      else await patiently(returned, this.#isPulling ? GRACE.pulled : GRACE.failing).catch(() => undefined);
    }
    while (this.#window.underWay > 0) await this.change();
  }

  #pull(): void {
    let next: Supplied<TaskMessage> | Promise<Supplied<TaskMessage>>;
    try {
      next = this.#schedule.tasks.next();
    } catch (error) {
      this.#endOfTasks(error);
      return;
    }
    if (!isThenable(next)) {
      this.#take(next);
      return;
    }
    this.#isPulling = true;
    next.then(
      (step) => {
        this.#isPulling = false;
        this.#take(step);
        this.#wake();
      },
      (error: unknown) => {
        this.#isPulling = false;
        this.#endOfTasks(error);
      },
    );
  }

  #take(next: Supplied<TaskMessage>): void {
    if (next.done) {
      this.#isExhausted = true;
      return;
    }
    try {
      this.#start(next.value);
    } catch (error) {
      this.#fail(error, this.#window.started);
    }
  }

  /** There are no more tasks, since what gives them has failed, in one step: who looked between would take it for their end. */
  #endOfTasks(error: unknown): void {
    this.#isExhausted = true;
    this.#fail(error, this.#window.started);
  }

  #start(task: TaskMessage): void {
    const { journal, runner, mayPause } = this.#schedule;
    // What the journal refuses is thrown before the task counts as started.
    const known = journal?.find(task);
    const number = this.#window.start();
    if (known !== undefined) {
      this.#window.put(number, { ...known, isRestored: true }, bytesOf(known));
      this.#window.end();
      return;
    }
    this.#follow(number, task, withRetries(mayPause ? { ...task, mayPause } : task, runner, this.#stops));
  }

  /** Keeps what comes of a task until it is taken. */
  #follow(number: number, task: TaskMessage, coming: Promise<RetriedResult | undefined>): void {
    coming
      .then((given) => {
        if (given === undefined) return;
        const { next, ...result } = given;
        if (next === undefined) {
          this.#schedule.journal?.record(task, result);
          this.#window.put(number, result, bytesOf(result));
          return;
        }
        const goOn = (): void => {
          this.#window.goOn();
          this.#follow(number, task, next());
        };
        this.#window.put(number, { ...result, goOn }, bytesOf(result), true);
      })
      .catch((error: unknown) => this.#fail(error, number))
      .finally(() => {
        this.#window.end();
        this.#wake();
      });
  }

  #fail(error: unknown, number: number): void {
    const turn = this.#schedule.mayEndEarly ? number : AT_ONCE;
    if (this.#failure === undefined || turn < this.#failure.turn) this.#failure = { error, turn };
    this.#wake();
  }
}

function stopsOf(run: CancelSignal, mayEndEarly: boolean): Stops {
  // A task that waits for its turn to fail stops no other.
  if (mayEndEarly) return { run, others: run };
  const failing = new Cancellation();
  const others = new Cancellation();
  for (const signal of [run, failing.signal]) {
    if (signal.aborted) others.abort(signal.reason);
    signal.addEventListener('abort', () => others.abort(signal.reason));
  }
  return { run, others: others.signal, failing };
}

function bytesOf({ value }: TaskResult): number {
  return 'file' in value ? 0 : value.length;
}
