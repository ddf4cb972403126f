import type { Settings } from '../options/settings.js';
import { openProcessPool } from '../pool/open-process-pool.js';
import type { TaskPool } from '../pool/pool.js';

/** The children of a run. */
export async function openPool(settings: Settings): Promise<TaskPool> {
  if (settings.pool !== undefined) return settings.pool;
  if (settings.processes === 0) return (await import('../pool/inline-pool.js')).inlinePool();
  return openProcessPool(settings);
}
