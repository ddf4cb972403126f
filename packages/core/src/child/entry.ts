/** The child's program: speaks to workerpool in the parent, and never lets an error cross it unencoded. */
// Bundled, without what it loads to find that it is no thread; its face would load the parent's side. The version is pinned.
import worker from 'workerpool/src/worker.js';
import { parkRuns } from '../task/parking.js';
import { encodeThrown } from '../values/error-codec.js';
import { dropOwnFlags } from '../protocol/own-flags.js';
import type { DescriptionBytes } from '../protocol/run-description.js';
import type { TaskPulse } from '../protocol/task-usage.js';
import { unpacked, type PackedTask } from '../protocol/packed-chunks.js';
import type { TaskMessage } from '../protocol/task-message.js';
import { drainOutput } from './drain-output.js';
import { emptyStdin } from './empty-stdin.js';
import { reportFatal } from './fatal-report.js';
import { captureIntrinsics, overwrittenIntrinsic } from './intrinsics.js';
import { LoadedRuns, type LostTask, type UnknownRun } from './loaded-runs.js';
import type { TaskReply } from '../protocol/reply.js';
import { setTimeout } from '../timers.js';

emptyStdin();
dropOwnFlags(process.execArgv);

const parked = new Promise<void>((resolve) => {
  parkRuns(resolve);
});

// Ctrl-C and the end of a terminal reach the whole process group; the parent decides what becomes of the children.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);

// The channel belongs to forkfold: a message of the user's would be taken for a reply. workerpool sends through
// `process.send` too, but only what a method of ours has returned.
if (process.send === undefined) {
  throw new Error(
    'A child of forkfold has no process.send: a module that --import or --require loads has removed it',
  );
}
const send = process.send.bind(process);
// Nobody may be there to hear it; then the channel says so.
const tell = (pulse: TaskPulse): void => void send({ pulse }, undefined, undefined, () => undefined);
const runs = new LoadedRuns(parked, undefined, tell);
const replies = new WeakSet<object>();
const reply = <R extends object>(value: R): R => {
  replies.add(value);
  return value;
};
let isReady = false;
process.send = ((message: { result?: object } | string, ...rest: never[]) => {
  const isOurs = message === 'ready' ? !isReady : replies.has((message as { result?: object }).result ?? {});
  if (!isOurs) throw new Error('process.send is not available in a task: return a value instead');
  isReady = true;
  return (send as (...args: unknown[]) => boolean)(message, ...rest);
}) as NonNullable<typeof process.send>;

// An error outside every task's own call stack ends the process, but is told first.
const die = (error: unknown): void => {
  send({ late: encodeThrown(error) }, undefined, undefined, () => process.exit(1));
  setTimeout(() => process.exit(1), 2000).unref();
};
process.on('uncaughtException', die);
process.on('unhandledRejection', die);

async function load(
  run: string,
  description: DescriptionBytes,
  ended: readonly string[],
): Promise<TaskReply> {
  const answer = await runs.load(run, description, ended);
  captureIntrinsics();
  return answer;
}

/** What comes with a task where its run is to be loaded before. */
type Load = [description?: DescriptionBytes, ended?: readonly string[], tells?: boolean];

/**
 * Runs a task; a description comes with the first one of a run that needs no module.
 *
 * @param tells Whether the parent wants to hear that the work on it begins.
 */
async function work(
  task: TaskMessage,
  ...[description, ended = [], tells = false]: Load
): Promise<TaskReply | UnknownRun | LostTask> {
  if (description === undefined) return begin(task);
  const loaded = await load(task.run, description, ended);
  if (!loaded.ok) return loaded;
  if (tells) send({ begun: true });
  return begin(task);
}

/** Begins a task whose run is loaded; one that is to be looked at waits for a debugger. */
async function begin(task: TaskMessage): Promise<TaskReply | UnknownRun | LostTask> {
  if (task.pauses) (await import('./pause.js')).pauseForDebugger();
  return runs.run(task);
}

/** Goes to the parent's directory: the flags of this process named their modules from where it was started. */
function goTo(directory: string): void {
  try {
    if (process.cwd() !== directory) process.chdir(directory);
  } catch (error) {
    die(error);
  }
}

/** What a task answers, unless it has left this process in a state in which no answer can be trusted. */
async function trusted<R extends object>(answer: Promise<R>): Promise<R> {
  const value = await answer;
  const damage = overwrittenIntrinsic();
  if (damage === undefined) return reply(value);
  die(damage);
  return new Promise(() => undefined);
}

worker.add({
  boot: async (watch: boolean, directory?: string) => {
    if (directory !== undefined) goTo(directory);
    if (watch) (await import('./watch-parent.js')).watchParent();
    return reply({ rss: process.memoryUsage.rss() });
  },
  load: async (run: string, description: DescriptionBytes, ended: readonly string[]) =>
    reply(await load(run, description, ended)),
  task: async (given: PackedTask, ...load: Load) => {
    const task = unpacked(given);
    const traceFile = task.selection?.traceFile;
    const end = traceFile === undefined ? undefined : reportFatal(traceFile);
    const answer = await trusted(work(task, ...load));
    end?.();
    return answer;
  },
});

// The closed channel says that this process is wanted no more. workerpool's listener would exit at once, and lose what
// the pipes of stdout and stderr have not taken yet. Who never reads them meets the parent's patience, or the watch below.
process.removeAllListeners('disconnect');
process.on('disconnect', () => void drainOutput().then(() => process.exit(1)));

// Without its listener for messages this process would wait for ever, and its parent for it.
const [listener] = process.listeners('message');
process.on('removeListener', (event, removed) => {
  if (event === 'message' && removed === listener) {
    die(new Error('A task removed the listener for messages: it belongs to forkfold'));
  }
});
