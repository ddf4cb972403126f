import { isInsideTask } from '../task/parking.js';
import type { Settings } from '../options/run-options.js';
import type { Pool } from '../pool/pool.js';

/** A run inside a task must not fork: a pool in every child, and one in each of theirs, would be a bomb. */
export function nested(settings: Settings): Settings {
  return isInsideTask() ? { ...settings, processes: 0, pool: undefined } : settings;
}

/** The children of a run. */
export async function openPool(settings: Settings): Promise<Pool> {
  if (settings.pool !== undefined) return settings.pool;
  if (settings.processes === 0) return (await import('../pool/inline-pool.js')).inlinePool();
  return (await import('../pool/process-pool.js')).processPool(settings);
}
