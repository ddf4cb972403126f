import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Readable } from 'node:stream';

/**
 * Gives this process an empty stdin. A child is forked with that of its parent, and a script of one file that reads it
 * at its top level would take the lines away from the parent. `process.stdin` opens the descriptor when it is first
 * asked for, and so do `readFileSync(0)` and programs that user code starts.
 */
export function emptyStdin(): void {
  try {
    closeSync(0);
  } catch {
    // The descriptor was not open.
  }
  // The lowest number that is free, unless another thread has opened a file in between.
  const opened = openSync(devNull, 'r');
  if (opened === 0) return;
  closeSync(opened);
  Object.defineProperty(process, 'stdin', { value: Readable.from([]), configurable: true, enumerable: true });
}
