import { OptionError } from '../errors.js';
import type { Pool, Slot } from './pool.js';

/** A pool over slots: hands out free ones, first come, first served. */
export function poolOf(
  slots: readonly (Slot & { close(): Promise<void> })[],
  size: number,
  diagnose: () => Promise<string>,
): Pool {
  const free: Slot[] = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
    await Promise.all(slots.map((slot) => slot.close()));
  };
  return {
    size,
    acquire() {
      if (closed)
        return Promise.reject(new OptionError('This pool is closed: make another with createPool', 'pool'));
      const slot = free.pop();
      return slot === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(slot);
    },
    release(slot) {
      const next = waiting.shift();
      if (next === undefined) free.push(slot);
      else next(slot);
    },
    diagnose,
    close,
    [Symbol.asyncDispose]: close,
  };
}
