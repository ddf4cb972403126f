import type { TaskPool } from './pool.js';

/**
 * A pool whose module is loaded when a run first has work for it: importing forkfold, and making a pool that may never
 * be used, must not cost the loading of workerpool.
 */
export function lazyPool(size: number, load: () => Promise<TaskPool>): TaskPool {
  let loading: Promise<TaskPool> | undefined;
  let loaded: TaskPool | undefined;
  const open = async (): Promise<TaskPool> => (loaded ??= await (loading ??= load()));
  const close = async (): Promise<void> => (await open()).close();
  return {
    size,
    // The error is dropped, since `run` meets it again.
    start: () => void open().then((pool) => pool.start(), () => undefined), // prettier-ignore
    run: async (task, limits) => (loaded ?? (await open())).run(task, limits),
    forget: (run) => loaded?.forget(run),
    diagnose: async () => (await open()).diagnose(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
