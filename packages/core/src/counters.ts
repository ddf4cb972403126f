import { AsyncLocalStorage } from 'node:async_hooks';
import { brand, shared, version } from './shared-state.js';

/** What counters say, by their names. */
export type CounterValues = Readonly<Record<string, number>>;

/** Counts in any function of a run: see `counter`. */
export interface Counter {
  /**
   * @param n What is added, a finite number. @default 1
   * @throws TypeError for anything else.
   */
  add(n?: number): void;
}

/** What was counted in a task, or in a run. */
export class Counts {
  readonly #values = new Map<string, number>();

  add(name: string, n: number): void {
    this.#values.set(name, (this.#values.get(name) ?? 0) + n);
  }

  addAll(values: CounterValues = {}): void {
    for (const [name, n] of Object.entries(values)) this.add(name, n);
  }

  /** In the order in which they were counted first; undefined where nothing was. */
  values(): CounterValues | undefined {
    return this.#values.size === 0 ? undefined : Object.fromEntries(this.#values);
  }
}

const state = shared('counters', () => ({
  /** What the task that is under way counts in. */
  tasks: new AsyncLocalStorage<Counts>(),
  /** What the function counts in that is called outside of tasks, for a run of this process. */
  window: undefined as Counts | undefined,
  /** Whether a function was loaded that counts. */
  hasCounters: false,
}));

/** Follows a task through its asynchronous steps. */
export const taskCounts: AsyncLocalStorage<Counts> = state.tasks;

/** A function was loaded that counts: tasks are to be followed from now on. */
export function expectCounters(): void {
  state.hasCounters = true;
}

export function mayCount(): boolean {
  return state.hasCounters;
}

/** Calls a function of the user's in the process of the run, which counts in `counts` until what it gives has settled. */
export function countingIn<R>(counts: Counts, call: () => R): R {
  // Another run waits for a function of its own.
  if (state.window !== undefined) return state.tasks.run(counts, call);
  state.window = counts;
  let result: R;
  try {
    result = call();
  } catch (error) {
    state.window = undefined;
    throw error;
  }
  if (!(result instanceof Promise)) {
    state.window = undefined;
    return result;
  }
  return result.finally(() => (state.window = undefined)) as R;
}

const COUNTER = brand('counter');

/**
 * A counter of the run in which it is called: in any function of a plan, in a job or inline. Whatever is tried again, each
 * record counts once: what an attempt has counted that gave no result is forgotten, and what a checkpoint gives counts as
 * if it had been worked on. The sums are in the report as `counters`, in `progress`, and in its last line. A record that
 * `onError` leaves out may have counted before it failed. Outside of a run nothing is counted.
 *
 * An inline function finds it by the name `counter` only, imported from `@forkfold/core` in its own file; a function of a job
 * by any. It costs about 0.1 us, and a run whose functions do not count pays nothing.
 *
 * @param name Any text; the same name is the same counter.
 * @example
 * const words = textLines('books/*.txt').flatMap((line) => {
 *   if (line.includes('!')) counter('lines that cry').add();
 *   return line.split(' ');
 * });
 * let counted: CounterValues | undefined;
 * await words.count().run({ report: ({ counters }) => void (counted = counters) }); // -> 14
 * counted; // -> { 'lines that cry': 2 }
 */
export const counter: (name: string) => Counter = Object.defineProperty(
  (name: string): Counter => ({
    add(n = 1) {
      if (typeof n !== 'number' || !Number.isFinite(n)) {
        throw new TypeError(`Expected counter('${name}').add to be given a finite number, got ${String(n)}`);
      }
      (state.tasks.getStore() ?? state.window)?.add(name, n);
    },
  }),
  COUNTER,
  { value: version },
);

/** Whether a value is the `counter` of any copy of this version. */
export function isCounter(value: unknown): boolean {
  return typeof value === 'function' && (value as unknown as Record<symbol, unknown>)[COUNTER] === version;
}
