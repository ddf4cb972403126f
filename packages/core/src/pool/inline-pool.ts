import { LoadedRuns, type LostTask } from '../child/loaded-runs.js';
import { compileFunction } from '../plan/function-text.js';
import { localFunction } from '../plan/local-functions.js';
import type { TaskReply } from '../protocol/reply.js';
import { lostTask, type Outcome, type TaskPool, type PoolTask } from './pool.js';
import { poolOf, type Slot } from './slots.js';
import { clearTimeout, setImmediate, setTimeout } from '../timers.js';

/**
 * A pool that runs tasks in this process, through the same codec: `processes: 0`. It cannot interrupt a busy loop, and
 * what a task waits for goes on after an abort or a timeout; nobody wants its answer then.
 */
export function inlinePool(): TaskPool {
  const never = new Promise<void>(() => undefined);
  // An instrumented function counts for its module and may import, which its text alone cannot.
  const runs = new LoadedRuns(never, (text) => localFunction(text) ?? compileFunction(text));
  let ended: string[] = [];

  async function reply({ message, description }: PoolTask): Promise<TaskReply | LostTask> {
    const known = await runs.run(message);
    if (!('unknown' in known)) return known;
    const loaded = await runs.load(message.run, description, ended);
    ended = [];
    return loaded.ok ? ((await runs.run(message)) as TaskReply) : loaded;
  }

  const slot: Slot = {
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
          reply(task).then(
            (answer) => resolve('lost' in answer ? lostTask : { kind: 'reply', reply: answer }),
            reject,
          );
        });
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    forget: (run) => void ended.push(run),
    close: () => Promise.resolve(),
  };
  return poolOf([slot], 0, () => Promise.resolve(''));
}
