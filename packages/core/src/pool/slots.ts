import { OptionError } from '../errors.js';
import type { Pool, Slot } from './pool.js';

/** A pool over slots: hands out free ones, first come, first served. */
export function poolOf(
  slots: readonly (Slot & { close(): Promise<void> })[],
  size: number,
  diagnose: () => Promise<string>,
): Pool {
  const free: Slot[] = [...slots];
  const waiting: { resolve(slot: Slot): void; reject(error: Error): void }[] = [];
  let closed = false;
  const closedError = (): Error =>
    new OptionError('This pool is closed: make another with createPool', 'pool');
  const close = async (): Promise<void> => {
    closed = true;
    for (const { reject } of waiting.splice(0)) reject(closedError());
    await Promise.all(slots.map((slot) => slot.close()));
  };
  return {
    size,
    acquire() {
      if (closed) return Promise.reject(closedError());
      const slot = free.pop();
      if (slot !== undefined) return Promise.resolve(slot);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    release(slot) {
      const next = waiting.shift();
      if (next === undefined) free.push(slot);
      else next.resolve(slot);
    },
    diagnose,
    close,
    [Symbol.asyncDispose]: close,
  };
}
