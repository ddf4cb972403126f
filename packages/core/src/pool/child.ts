import type { ChildProcess } from 'node:child_process';
import type * as Workerpool from 'workerpool';
import { dependency } from '../disk/place.js';
import { currentDirectory } from '../disk/start-directory.js';
import { decodeThrown, type EncodedThrown } from '../values/error-codec.js';
import { deathSignal } from './death-signal.js';
import type { TaskPulse } from '../protocol/task-usage.js';
import type { Launch } from './launch.js';
import type { ChildDeath } from './pool.js';

/** A forked process, and what its slot remembers of it. */
export interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<ChildDeath>;
  /** Told of the exit besides: who waits for an answer. */
  onExit: ((died: ChildDeath) => void) | undefined;
  /** Hears how far the task is that it works on. */
  onPulse: ((pulse: TaskPulse) => void) | undefined;
  call(method: string, params: unknown[]): Promise<unknown>;
  /** Whether it has answered yet, and whether it has a task. */
  state: 'new' | 'idle' | 'busy' | 'gone';
  /** What it was asked last. */
  phase: ChildDeath['phase'];
  /** The runs whose functions it has loaded, unless it has forgotten them. */
  readonly runs: Set<string>;
  /** The modules that it has imported. */
  readonly imported: Set<string>;
  /** Resident memory in bytes after boot. */
  rssAtBoot: number;
  /** Whether a module could not be loaded: Node.js remembers that, whatever becomes of the file. */
  isSpoilt: boolean;
  chunks: number;
  usedAt: number;
}

/** An idle child must not keep the program from ending: when the parent ends, the child's channel does too. */
export function keepAlive({ process: child }: Child, alive: boolean): void {
  const channel = child.channel as { ref?(): void; unref?(): void } | null | undefined;
  if (alive) {
    child.ref();
    channel?.ref?.();
  } else {
    child.unref();
    channel?.unref?.();
  }
}

export function startChild(launch: Launch, onExit: (child: Child) => void): Child {
  const { child, call } = fork(launch);
  let late: { error: unknown } | undefined;
  child.on('message', (message: { late?: EncodedThrown; begun?: true; pulse?: TaskPulse } | null) => {
    if (message?.late !== undefined) late = { error: decodeThrown(message.late) };
    if (message?.begun) started.phase = 'task';
    if (message?.pulse) started.onPulse?.(message.pulse);
  });
  const started: Child = {
    process: child,
    state: 'new',
    phase: 'boot',
    runs: new Set(),
    imported: new Set(),
    rssAtBoot: 0,
    isSpoilt: false,
    chunks: 0,
    usedAt: Infinity,
    onExit: undefined,
    onPulse: undefined,
    exited: new Promise((resolve) => {
      const died = (exitCode: number | null, signal: string | null): void => {
        started.state = 'gone';
        onExit(started);
        const { phase } = started;
        const end: ChildDeath = { kind: 'died', phase, exitCode, signal, ...(late && { late }) };
        started.onExit?.(end);
        resolve(end);
      };
      child.once('exit', died);
      child.once('error', (error) => {
        late ??= { error };
        if (child.pid === undefined) died(null, null);
      });
    }),
    call,
  };
  return started;
}

/** Has workerpool start one process, which it asks to boot. */
function fork({ entry, execArgv, env, cwd }: Launch): { child: ChildProcess; call: Child['call'] } {
  const [guard, ...guardArgs] = deathSignal();
  const flags = guard === undefined ? execArgv : [...guardArgs, process.execPath, ...execArgv];
  // To import a module of CommonJS takes twice as long.
  const workerpool = dependency('workerpool') as typeof Workerpool;
  const pool = workerpool.pool(entry, {
    maxWorkers: 1,
    workerType: 'process',
    // A script that reads its arguments above its run must find them in a child too.
    forkArgs: process.argv.slice(2),
    forkOpts: {
      serialization: 'advanced',
      execPath: guard ?? process.execPath,
      execArgv: [...flags],
      env,
      cwd,
    },
  });
  // workerpool appends flags of this process behind ours, where they would win.
  const inherited = process.execArgv;
  process.execArgv = [];
  let first: PromiseLike<unknown> | undefined;
  try {
    first = pool.exec('boot', [guard === undefined, currentDirectory()]);
  } finally {
    process.execArgv = inherited;
  }
  // This is no public property; the version is pinned. Only the child itself tells its exit code, its signal and its end, and
  // a pool of one worker that is asked one thing at a time needs no queue, and none of what waits in one.
  const [handler] = (pool as unknown as { readonly workers: readonly WorkerHandler[] }).workers;
  return {
    child: handler!.worker,
    call(method, params) {
      // The first call is the one that made workerpool fork. A native promise wraps its own, which settles in odd ways.
      if (first !== undefined) {
        const answer = first;
        first = undefined;
        return new Promise((resolve, reject) => {
          answer.then(resolve, reject);
        });
      }
      let settle: Pick<Resolver, 'resolve' | 'reject'>;
      const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
      handler!.exec(method, params, { promise, ...settle! }).catch(() => undefined);
      return promise;
    },
  };
}

/** What workerpool keeps of a process that it has started. */
interface WorkerHandler {
  readonly worker: ChildProcess;
  /** Asks the process, and settles what it is given by the answer. */
  exec(method: string, params: unknown[], resolver: Resolver): Promise<unknown>;
}

interface Resolver {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}
