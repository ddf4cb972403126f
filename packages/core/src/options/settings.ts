import type { TaskPool } from '../pool/pool.js';
import type { RunOptions } from './run-options.js';

/** Options after the check, defaults filled in. */
export interface Settings extends RunOptions {
  readonly processes: number;
  readonly retries: number;
  readonly ordered: boolean;
  readonly onError: 'fail' | 'skip' | { maxSkipped: number };
  readonly tmpDir: string;
  readonly pool?: TaskPool | undefined;
  /** Bytes of tables that a shuffle task keeps before it spills; tests shrink it, so that little data spills. */
  readonly shuffleMemory?: number;
}

/** How many records a run may leave out. */
export function maxSkipped({ onError }: Pick<Settings, 'onError'>): number {
  if (typeof onError === 'object') return onError.maxSkipped;
  return onError === 'skip' ? Number.MAX_SAFE_INTEGER : 0;
}

/** Whether somebody watches the run: its tasks tell then what they cost. */
export function isWatched({ report, progress }: Settings): boolean {
  return report !== undefined || (progress ?? false) !== false;
}

/** Bytes of tables that a shuffle task keeps before it spills. */
export function shuffleMemory({ memoryLimit = 1024, shuffleMemory: given }: Settings): number {
  return given ?? Math.min(64 * 2 ** 20, (memoryLimit * 2 ** 20) / 6);
}
