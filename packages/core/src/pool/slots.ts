import { OptionError } from '../errors.js';
import type { Outcome, TaskPool, PoolTask, TaskLimits } from './pool.js';

/** Runs one task at a time. */
export interface Slot {
  /** Gets ready for its first task. */
  start?(): void;
  /** Never rejects. */
  run(task: PoolTask, limits: TaskLimits): Promise<Outcome>;
  forget(run: string): void;
  close(): Promise<void>;
}

/** A pool over slots: whoever waits longest for one that is free gets it. */
export function poolOf(slots: readonly Slot[], size: number, diagnose: () => Promise<string>): TaskPool {
  const free = slots.map((_, number) => number);
  const waiting: { wanted?: number | undefined; resolve(slot: number): void; reject(error: Error): void }[] =
    [];
  let closed = false;

  const closedError = (): Error =>
    new OptionError('This pool is closed: make another with createPool', 'pool');

  /** @param wanted The only slot that will do. */
  async function acquire(wanted: number | undefined): Promise<number> {
    if (closed) throw closedError();
    const at = wanted === undefined ? free.length - 1 : free.indexOf(wanted);
    const [slot] = at < 0 ? [] : free.splice(at, 1);
    return slot ?? new Promise((resolve, reject) => waiting.push({ wanted, resolve, reject }));
  }

  function release(slot: number): void {
    const at = waiting.findIndex(({ wanted }) => wanted === undefined || wanted === slot);
    if (at < 0) free.push(slot);
    else waiting.splice(at, 1)[0]!.resolve(slot);
  }

  async function close(): Promise<void> {
    closed = true;
    for (const { reject } of waiting.splice(0)) reject(closedError());
    await Promise.all(slots.map((slot) => slot.close()));
  }

  return {
    size,
    start() {
      if (!closed) for (const slot of slots) slot.start?.();
    },
    async run(task, limits) {
      const slot = await acquire(limits.slot);
      try {
        limits.onStart?.(slot);
        return await slots[slot]!.run(task, limits);
      } finally {
        release(slot);
      }
    },
    forget(run) {
      for (const slot of slots) slot.forget(run);
    },
    diagnose,
    close,
    [Symbol.asyncDispose]: close,
  };
}
