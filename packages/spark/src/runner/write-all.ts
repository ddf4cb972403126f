import { writeSync } from 'node:fs';
import { pauseThread } from './pause-thread.js';

/** Writes all bytes, even where someone has made the descriptor non-blocking. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      pauseThread();
    }
  }
}
