import { runTask } from '../worker/run-task.js';
import type { Outcome, Pool } from './pool.js';
import { poolOf } from './slots.js';

/** A pool that runs tasks in this process, through the same codec: `processes: 0`. It cannot interrupt a busy loop. */
export function inlinePool(): Pool {
  const never = new Promise<void>(() => undefined);
  const slot = {
    async run(task: Parameters<typeof runTask>[0], { signal }: { signal: AbortSignal }): Promise<Outcome> {
      // Let an abort, a timer or a consumer have its turn between tasks.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return { kind: 'cancelled' };
      let onAbort = (): void => undefined;
      try {
        return await new Promise<Outcome>((resolve, reject) => {
          onAbort = () => resolve({ kind: 'cancelled' });
          signal.addEventListener('abort', onAbort);
          runTask(task, never).then((reply) => resolve({ kind: 'reply', reply }), reject);
        });
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    close: () => Promise.resolve(),
  };
  return poolOf([slot], 0, () => Promise.resolve(''));
}
