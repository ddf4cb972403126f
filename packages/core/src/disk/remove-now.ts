import { rmSync } from 'node:fs';

const TRIES = 100;

/**
 * Removes a directory in one step, for a process that is about to exit. Its children outlive it for a moment, and may make a
 * file while the others are removed; once the directory is gone they cannot. Node's own retries do not look for new files.
 */
export function removeNow(path: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
