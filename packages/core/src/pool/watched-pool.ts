import type { TaskMessage } from '../protocol/messages.js';
import type { Outcome, Pool, Slot } from './pool.js';

/** What is told of every attempt. */
export interface AttemptWatch {
  started(task: TaskMessage): void;
  ended(task: TaskMessage, outcome: Outcome): void;
}

/** The pool, with a witness of everything that its slots are given and answer. */
export function watchedPool(pool: Pool, watch: AttemptWatch): Pool {
  const inner = new Map<Slot, Slot>();
  return {
    ...pool,
    async acquire() {
      const slot = await pool.acquire();
      const watched: Slot = {
        async run(task, limits) {
          watch.started(task);
          const outcome = await slot.run(task, limits);
          watch.ended(task, outcome);
          return outcome;
        },
      };
      inner.set(watched, slot);
      return watched;
    },
    release(watched) {
      const slot = inner.get(watched)!;
      inner.delete(watched);
      pool.release(slot);
    },
  };
}
