import { clearTimeout, now, setTimeout } from '../timers.js';

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

/**
 * Gathers items into batches: until one is complete, or the next item is longer in coming than there is patience. When it
 * is returned early, so are the items.
 */
export async function* patientBatches<T>(
  items: AsyncGenerator<T, void, undefined>,
  { weigh, isComplete, patience }: BatchRules<T>,
): AsyncGenerator<readonly T[], void, undefined> {
  let held: T[] = [];
  let [since, weight] = [0, 0];
  const take = (): T[] => {
    const batch = held;
    held = [];
    weight = 0;
    return batch;
  };
  try {
    for (;;) {
      const pending = items.next();
      if (held.length > 0 && Number.isFinite(patience)) {
        const left = patience - (now() - since);
        if (!(await isThereWithin(pending, left))) yield take();
      }
      const step = await pending;
      if (step.done === true) break;
      if (held.length > 0 && isComplete({ items: held, weight }, step.value)) yield take();
      if (held.length === 0) since = now();
      held.push(step.value);
      weight += weigh(step.value);
      if (isComplete({ items: held, weight }, undefined)) yield take();
    }
    if (held.length > 0) yield held;
  } finally {
    await items.return();
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
