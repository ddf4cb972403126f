import { execFile, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { decodeThrown, type EncodedThrown } from '../transport/error-codec.js';
import type { TaskReply } from '../transport/messages.js';
import { inheritedExecArgv } from './exec-argv.js';
import type { Outcome, Pool, Slot, TaskLimits } from './pool.js';
import { permissionFlags } from './permission-flags.js';
import { poolOf } from './slots.js';

const entry = fileURLToPath(new URL('../worker/entry.js', import.meta.url));
/** A child boots in about 0.1 s; a loader, or a machine under load, may take many times that. */
const BOOT_DEADLINE = 60_000;
/** A child that was idle for longer may have died unseen; it is asked before it is given a task. */
const IDLE = 50;
/** How long a child may take to run its exit handlers when the pool is closed. */
const CLOSE_GRACE = 1000;

export interface ProcessPoolOptions {
  readonly processes: number;
  readonly memoryLimit?: number | undefined;
  readonly tasksPerProcess?: number | undefined;
  readonly permissions?: boolean | undefined;
  readonly tmpDir?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly env?: Record<string, string> | undefined;
  readonly execArgv?: readonly string[] | undefined;
}

/** A pool of forked children. They are started when they are first needed, and replaced when they died. */
export function processPool(options: ProcessPoolOptions): Pool {
  const { processes, memoryLimit, env, execArgv = [], permissions, tmpDir, checkpoint } = options;
  const writable = checkpoint === undefined ? [] : [resolve(checkpoint)];
  const guards = permissions ? permissionFlags(tmpDir, writable) : [];
  const launch: Launch = {
    execArgv: [...inheritedExecArgv(process.execArgv, memoryLimit), ...guards, ...execArgv],
    env: { ...process.env, ...env },
  };
  const slots = Array.from({ length: processes }, () => processSlot(launch, options));
  return poolOf(slots, processes, () => firstWords(launch));
}

interface Launch {
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

type Died = Extract<Outcome, { kind: 'died' }>;

interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<Died>;
  /** Told of the exit besides: who waits for an answer. */
  onExit: ((died: Died) => void) | undefined;
  call(method: string, params: unknown[]): Promise<unknown>;
  isBooted: boolean;
  /** Resident memory in bytes after boot. */
  rssAtBoot: number;
  chunks: number;
  usedAt: number;
}

function processSlot(
  launch: Launch,
  { tasksPerProcess = Infinity, memoryLimit = Infinity }: ProcessPoolOptions,
): Slot & { close(): Promise<void> } {
  let child: Child | undefined;
  const retired = new Set<Promise<void>>();

  /** A worn child makes room for a fresh one: after so many chunks, or when it holds more memory than its limit. */
  function isWorn({ chunks, rssAtBoot }: Child, { rss }: TaskReply): boolean {
    return chunks >= tasksPerProcess || rss - rssAtBoot > memoryLimit * 2 ** 20;
  }

  /** Lets a child run its exit handlers, for a while. */
  async function retire(old: Child): Promise<void> {
    if (child === old) child = undefined;
    keepAlive(old, true);
    if (old.process.connected) old.process.disconnect();
    const timer = setTimeout(() => old.process.kill('SIGKILL'), CLOSE_GRACE);
    await old.exited;
    clearTimeout(timer);
  }

  async function stop(victim: Child): Promise<void> {
    if (child === victim) child = undefined;
    victim.process.kill('SIGKILL');
    await victim.exited;
  }

  /** Waits for an answer, a death, an abort or the deadline, whichever comes first. */
  async function ask(asked: Child, method: string, params: unknown[], limits: TaskLimits): Promise<Outcome> {
    const { signal, timeout } = limits;
    let timer: NodeJS.Timeout | undefined;
    let onAbort = (): void => undefined;
    // No race with `exited`: as long as the child lives, it would hold on to every outcome that it raced with.
    const outcome = await new Promise<Outcome>((resolve) => {
      onAbort = () => resolve({ kind: 'cancelled' });
      asked.onExit = resolve;
      asked.call(method, params).then(
        (reply) => resolve({ kind: 'reply', reply: reply as TaskReply }),
        // workerpool rejects when its child exits; the exit itself says more, and must come.
        () => {
          asked.process.kill('SIGKILL');
          resolve(asked.exited);
        },
      );
      signal.addEventListener('abort', onAbort);
      if (timeout !== undefined) timer = setTimeout(() => resolve({ kind: 'timeout' }), timeout);
    });
    asked.onExit = undefined;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (outcome.kind !== 'reply') await stop(asked);
    return outcome;
  }

  return {
    async run(task, limits) {
      if (limits.signal.aborted) return { kind: 'cancelled' };
      let current: Child;
      try {
        current = child ??= start(launch, (dead) => {
          if (child === dead) child = undefined;
        });
      } catch (error) {
        return { kind: 'died', phase: 'boot', exitCode: null, signal: null, late: { error } };
      }
      keepAlive(current, true);
      if (performance.now() - current.usedAt > IDLE) current.isBooted = false;
      if (!current.isBooted) {
        const booted = await ask(current, 'boot', [], { ...limits, timeout: BOOT_DEADLINE });
        if (booted.kind === 'timeout')
          return { kind: 'died', phase: 'boot', exitCode: null, signal: 'SIGKILL' };
        if (booted.kind !== 'reply') return booted;
        current.isBooted = true;
        if (current.rssAtBoot === 0) current.rssAtBoot = booted.reply.rss;
      }
      const outcome = await ask(current, 'task', [task], limits);
      current.usedAt = performance.now();
      current.chunks += task.chunks.length;
      if (child !== current) return outcome;
      keepAlive(current, false);
      if (outcome.kind === 'reply' && isWorn(current, outcome.reply)) {
        const gone = retire(current);
        retired.add(gone);
        void gone.then(() => retired.delete(gone));
      }
      return outcome;
    },
    async close() {
      if (child !== undefined) await retire(child);
      await Promise.all(retired);
    },
  };
}

/** An idle child must not keep the program from ending: when the parent ends, the child's channel does too. */
function keepAlive({ process: child }: Child, alive: boolean): void {
  const channel = child.channel as { ref?(): void; unref?(): void } | null | undefined;
  if (alive) {
    child.ref();
    channel?.ref?.();
  } else {
    child.unref();
    channel?.unref?.();
  }
}

function start({ execArgv, env }: Launch, onExit: (child: Child) => void): Child {
  const pool = workerpool.pool(entry, {
    maxWorkers: 1,
    workerType: 'process',
    // A script that reads its arguments above its run must find them in a child too.
    forkArgs: process.argv.slice(2),
    forkOpts: { serialization: 'advanced', execArgv: [...execArgv], env },
  });
  // workerpool appends flags of this process behind ours, where they would win.
  const inherited = process.execArgv;
  process.execArgv = [];
  let first: PromiseLike<unknown> | undefined;
  try {
    first = pool.exec('boot', []);
  } finally {
    process.execArgv = inherited;
  }
  // Not a public property; the version is pinned. Only the child itself tells its exit code, its signal and its end.
  const child = (pool as unknown as { workers: { worker: ChildProcess }[] }).workers[0]!.worker;
  let late: { error: unknown } | undefined;
  child.on('message', (message: { late?: EncodedThrown } | null) => {
    if (message?.late !== undefined) late = { error: decodeThrown(message.late) };
  });
  const started: Child = {
    process: child,
    isBooted: false,
    rssAtBoot: 0,
    chunks: 0,
    usedAt: Infinity,
    onExit: undefined,
    exited: new Promise((resolve) => {
      const died = (exitCode: number | null, signal: string | null): void => {
        onExit(started);
        const phase = started.isBooted ? 'task' : 'boot';
        const end: Died = { kind: 'died', phase, exitCode, signal, ...(late && { late }) };
        started.onExit?.(end);
        resolve(end);
      };
      child.once('exit', died);
      child.once('error', (error) => {
        late ??= { error };
        if (child.pid === undefined) died(null, null);
      });
    }),
    // Wrapped once into a native promise; workerpool's own settles in odd ways.
    call: (method, params) =>
      new Promise((resolve, reject) => {
        // The first call is the one that made workerpool fork.
        const answer = first ?? pool.exec(method, params);
        first = undefined;
        answer.then(resolve, reject);
      }),
  };
  return started;
}

/** Starts the child's program once more, without a channel, to hear why it does not start. */
function firstWords({ execArgv, env }: Launch): Promise<string> {
  return new Promise((resolve) => {
    const args = [...execArgv, entry];
    execFile(process.execPath, args, { env, timeout: 10_000, killSignal: 'SIGKILL' }, (_, __, stderr) => {
      resolve(stderr.trim().slice(0, 2000));
    });
  });
}
