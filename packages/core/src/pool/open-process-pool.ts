import { installedEngine, isAtHome } from '../disk/place.js';
import { startDirectory } from '../disk/start-directory.js';
import type { ProcessPoolOptions } from './launch.js';
import type { TaskPool } from './pool.js';

interface InstalledEngine {
  processPool(options: ProcessPoolOptions): TaskPool;
}

/**
 * A pool of forked children. Where this code was bundled with a program, the installed package makes it: all copies of a
 * version in a process know each other's jobs.
 */
export async function openProcessPool(given: ProcessPoolOptions): Promise<TaskPool> {
  // Known from when forkfold was imported, with which this module is, and the pool's is not.
  const options = { ...given, startDirectory };
  if (isAtHome()) return (await import('./process-pool.js')).processPool(options);
  return ((await import(installedEngine())) as InstalledEngine).processPool(options);
}
