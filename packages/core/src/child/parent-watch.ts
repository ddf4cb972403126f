/** Ends this process within two seconds of its parent's death, even while its main thread is busy. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const { parent, channel } = workerData as { parent: number; channel: number | undefined };
const nothing = new Uint8Array();
let silent = 0;

setInterval(() => {
  if (process.ppid !== parent || !isAlive(parent)) process.kill(process.pid, 'SIGKILL');
  // The parent may be a thread that was terminated, while its process lives on. A pool that is closed ends its channels,
  // too, and gives its children five seconds to write what their output still holds.
  silent = isOpen() ? 0 : silent + 1;
  if (silent > 5) process.kill(process.pid, 'SIGKILL');
}, 1000);

// On Windows the parent's id does not change when it dies.
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the other end of the channel is open: a write says so even if there is nothing to write. */
function isOpen(): boolean {
  if (channel === undefined || process.platform === 'win32') return true;
  try {
    writeSync(channel, nothing);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPIPE';
  }
  return true;
}
