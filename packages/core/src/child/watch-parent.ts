import { Worker } from 'node:worker_threads';

/** Ends this process when its parent has died, by a thread of its own, because a busy loop blocks the main one. */
export function watchParent(): void {
  new Worker(new URL('../child/parent-watch.js', import.meta.url), {
    execArgv: [],
    workerData: { parent: process.ppid, channel: (process.channel as { fd?: number } | undefined)?.fd },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  }).unref();
}
