import { Worker } from 'node:worker_threads';

/** What ends a process of the executors that nobody wants any more. */
export interface Watched {
  /** The process that has started this one; it may be gone when it is asked for later. */
  readonly parent: number;
  /** A file that is there as long as the run; undefined where this machine does not see it. */
  readonly leash: string | undefined;
}

/** In milliseconds. */
const EVERY = 500;

// It is a text, since the runner is one file. The thread is one of its own, because a busy loop blocks the main one.
const PROGRAM = `
const { existsSync } = require('node:fs');
const { workerData: { parent, leash, every } } = require('node:worker_threads');
setInterval(() => {
  if (process.ppid !== parent || (leash !== undefined && !existsSync(leash))) process.kill(process.pid, 'SIGKILL');
}, every);
`;

/**
 * Ends this process when its executor has died, which Spark leaves to the next write, or when the run is over: Spark cancels a
 * task without ending its program, which would keep the slot.
 */
export function watch({ parent, leash }: Watched): void {
  new Worker(PROGRAM, {
    eval: true,
    execArgv: [],
    env: {},
    workerData: { parent, leash, every: EVERY },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  }).unref();
}
