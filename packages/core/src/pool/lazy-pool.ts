import type { Pool } from './pool.js';

/**
 * A pool whose module is loaded when a run first asks for a slot: importing forkfold, and making a pool that may never
 * be used, must not cost the loading of workerpool.
 */
export function lazyPool(size: number, load: () => Promise<Pool>): Pool {
  let loading: Promise<Pool> | undefined;
  let loaded: Pool | undefined;
  const open = async (): Promise<Pool> => (loaded = await (loading ??= load()));
  const close = async (): Promise<void> => (await open()).close();
  return {
    size,
    acquire: async () => (await open()).acquire(),
    // A slot to release came from acquire, which has loaded the pool.
    release: (slot) => loaded!.release(slot),
    diagnose: async () => (await open()).diagnose(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
