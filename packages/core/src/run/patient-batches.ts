import { clearTimeout, now, setTimeout } from '../timers.js';
import { isThenable } from '../values/thenable.js';
import { END, type Supplied, type Supply } from './supply.js';

/** A batch as it grows. */
export interface Batching<T> {
  readonly items: readonly T[];
  /** The sum of what the items weigh. */
  readonly weight: number;
}

export interface BatchRules<T> {
  weigh(item: T): number;
  /**
   * Whether a batch that is not empty is complete: with `next` undefined once an item was taken, and again when the next
   * one is known, which then begins another batch.
   */
  isComplete(batch: Batching<T>, next: T | undefined): boolean;
  /** How long the first item of a batch waits for others, in milliseconds. */
  readonly patience: number;
}

/** Gathers items into batches: until one is complete, or the next item is longer in coming than there is patience. */
export function patientBatches<T>(items: Supply<T>, rules: BatchRules<T>): Supply<readonly T[]> {
  const batches = new PatientBatches(items, rules);
  return { next: () => batches.next(), return: () => items.return() };
}

class PatientBatches<T> {
  readonly #items: Supply<T>;
  readonly #rules: BatchRules<T>;
  #held: T[] = [];
  #weight = 0;
  #since = 0;
  /** An item that a batch did not wait for. */
  #coming: Promise<Supplied<T>> | undefined;
  #hasEnded = false;

  constructor(items: Supply<T>, rules: BatchRules<T>) {
    this.#items = items;
    this.#rules = rules;
  }

  next(): Supplied<readonly T[]> | Promise<Supplied<readonly T[]>> {
    for (;;) {
      // An item that has begun a batch may make it complete.
      if (this.#isComplete(undefined)) return this.#take();
      if (this.#hasEnded) return this.#held.length > 0 ? this.#take() : END;
      const step = this.#coming ?? this.#items.next();
      this.#coming = undefined;
      if (isThenable(step)) return this.#later(step);
      const batch = this.#add(step);
      if (batch !== undefined) return batch;
    }
  }

  async #later(coming: Promise<Supplied<T>>): Promise<Supplied<readonly T[]>> {
    const { patience } = this.#rules;
    if (this.#held.length > 0 && Number.isFinite(patience)) {
      const left = patience - (now() - this.#since);
      if (!(await isThereWithin(coming, left))) {
        this.#coming = coming;
        return this.#take();
      }
    }
    return this.#add(await coming) ?? this.next();
  }

  /** Takes an item. Gives the batch that is complete before it. */
  #add(step: Supplied<T>): Supplied<readonly T[]> | undefined {
    if (step.done === true) {
      this.#hasEnded = true;
      return undefined;
    }
    const batch = this.#isComplete(step.value) ? this.#take() : undefined;
    if (this.#held.length === 0) this.#since = now();
    this.#held.push(step.value);
    this.#weight += this.#rules.weigh(step.value);
    return batch;
  }

  #isComplete(next: T | undefined): boolean {
    return this.#held.length > 0 && this.#rules.isComplete({ items: this.#held, weight: this.#weight }, next);
  }

  #take(): Supplied<readonly T[]> {
    const batch = this.#held;
    this.#held = [];
    this.#weight = 0;
    return { done: false, value: batch };
  }
}

async function isThereWithin(pending: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const state = { isThere: false };
  const arrive = (): boolean => (state.isThere = true);
  const arrived = pending.then(arrive, arrive);
  // An item that is there already costs no timer.
  for (let turns = 0; turns < 8 && !state.isThere; turns += 1) await Promise.resolve();
  if (state.isThere) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(
    (resolve) => (timer = setTimeout(resolve, Math.max(0, milliseconds), false)),
  );
  try {
    return await Promise.race([arrived, late]);
  } finally {
    clearTimeout(timer);
  }
}
