/** Ends this process within two seconds of its parent's death, even while its main thread is busy. */
import { workerData } from 'node:worker_threads';

const parent = workerData as number;

setInterval(() => {
  if (process.ppid !== parent || !isAlive(parent)) process.kill(process.pid, 'SIGKILL');
}, 1000);

// On Windows the parent's id does not change when it dies.
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
