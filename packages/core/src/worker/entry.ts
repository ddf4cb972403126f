/** The child's program: speaks to workerpool in the parent, and never lets an error cross it unencoded. */
import workerpool from 'workerpool';
import { Worker } from 'node:worker_threads';
import { parkRuns } from '../dataset/parking.js';
import { encodeThrown } from '../transport/error-codec.js';
import type { TaskMessage } from '../transport/messages.js';
import { runTask } from './run-task.js';

const parked = new Promise<void>((resolve) => {
  parkRuns(resolve);
});

// Ctrl-C reaches the whole process group; the parent decides what becomes of the children.
process.on('SIGINT', () => undefined);

// The channel belongs to forkfold: a message of the user's would be taken for a reply.
const send = process.send!.bind(process);
const guarded = ((message: unknown, ...rest: never[]) => {
  const known =
    message === 'ready' ||
    (typeof message === 'object' && message !== null && 'id' in message && 'result' in message);
  if (!known) throw new Error('process.send is not available in a task: return a value instead');
  return (send as (...args: unknown[]) => boolean)(message, ...rest);
}) as NonNullable<typeof process.send>;
process.send = guarded;

// An error outside every task's own call stack ends the process, but is told first.
const die = (error: unknown): void => {
  send({ late: encodeThrown(error) }, undefined, undefined, () => process.exit(1));
  setTimeout(() => process.exit(1), 2000).unref();
};
process.on('uncaughtException', die);
process.on('unhandledRejection', die);

workerpool.worker({
  boot: () => ({ rss: process.memoryUsage.rss() }),
  task: (task: TaskMessage) => runTask(task, parked),
});

// A thread of its own, because a busy loop blocks the main one.
new Worker(new URL('./parent-watch.js', import.meta.url), {
  execArgv: [],
  workerData: process.ppid,
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
}).unref();
