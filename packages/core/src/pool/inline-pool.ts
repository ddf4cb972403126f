import { runTask } from '../task/run-task.js';
import type { Outcome, Pool, Slot } from './pool.js';
import { poolOf } from './slots.js';

/**
 * A pool that runs tasks in this process, through the same codec: `processes: 0`. It cannot interrupt a busy loop, and
 * what a task waits for goes on after an abort or a timeout; nobody wants its answer then.
 */
export function inlinePool(): Pool {
  const never = new Promise<void>(() => undefined);
  const slot: Slot & { close(): Promise<void> } = {
    async run(task, { signal, timeout }) {
      // Let an abort, a timer or a consumer have its turn between tasks.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return { kind: 'cancelled' };
      let onAbort = (): void => undefined;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<Outcome>((resolve, reject) => {
          onAbort = () => resolve({ kind: 'cancelled' });
          signal.addEventListener('abort', onAbort);
          if (timeout !== undefined) timer = setTimeout(() => resolve({ kind: 'timeout' }), timeout);
          runTask(task, never).then((reply) => resolve({ kind: 'reply', reply }), reject);
        });
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    close: () => Promise.resolve(),
  };
  return poolOf([slot], 0, () => Promise.resolve(''));
}
