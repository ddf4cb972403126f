import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskReply } from '../protocol/messages.js';
import { keepAlive, startChild, type Child } from './child.js';
import { inheritedExecArgv } from './exec-argv.js';
import { firstWords, type Launch } from './boot-output.js';
import { neverLoaded } from './load-deadline.js';
import type { Outcome, Pool, Slot, TaskLimits } from './pool.js';
import { permissionFlags } from './permission-flags.js';
import { poolOf } from './slots.js';

const entry = fileURLToPath(new URL('../child/entry.js', import.meta.url));
/** A child boots in about 0.1 s; a loader, or a machine under load, may take many times that. */
const BOOT_DEADLINE = 60_000;
/** For the modules of a run's jobs, their top-level `await` included. */
const LOAD_DEADLINE = 60_000;
/** A child that was idle for longer may have died unseen; it is asked before it is given a task. */
const IDLE = 50;
/** How long a child that is still busy may take to run its exit handlers when the pool is closed. */
const CLOSE_GRACE = 1000;
/** How long a child whose channel has failed may take to say by its exit code how it ends. */
const EXIT_GRACE = 500;
/**
 * How long one that is idle may: it also waits until its output is read. Longer serves slower readers; but as long does the
 * end of a run wait for a reader that has stopped to read, and then the rest of the output is lost.
 */
const OUTPUT_GRACE = 5000;

export interface ProcessPoolOptions {
  readonly processes: number;
  readonly memoryLimit?: number | undefined;
  readonly tasksPerProcess?: number | undefined;
  readonly permissions?: boolean | undefined;
  readonly tmpDir?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly env?: Record<string, string> | undefined;
  readonly execArgv?: readonly string[] | undefined;
  /** @internal For tests. In milliseconds. */
  readonly deadlines?: { readonly boot: number; readonly load: number };
}

/** A pool of forked children. They are started when they are first needed, and replaced when they died. */
export function processPool(options: ProcessPoolOptions): Pool {
  const { processes, memoryLimit, env, execArgv = [], permissions, tmpDir, checkpoint } = options;
  const writable = checkpoint === undefined ? [] : [resolve(checkpoint)];
  const guards = permissions ? permissionFlags(tmpDir, writable) : [];
  const launch: Launch = {
    entry,
    execArgv: [...inheritedExecArgv(process.execArgv, memoryLimit), ...guards, ...execArgv],
    env: { ...process.env, ...env },
  };
  const slots = Array.from({ length: processes }, () => processSlot(launch, options));
  return poolOf(slots, processes, () => firstWords(launch));
}

function processSlot(
  launch: Launch,
  {
    tasksPerProcess = Infinity,
    memoryLimit = Infinity,
    deadlines = { boot: BOOT_DEADLINE, load: LOAD_DEADLINE },
  }: ProcessPoolOptions,
): Slot & { close(): Promise<void> } {
  let child: Child | undefined;
  let closed = false;
  const retired = new Set<Promise<void>>();

  /** A worn child makes room for a fresh one: after so many chunks, or when it holds more memory than its limit. */
  function isWorn({ chunks, rssAtBoot }: Child, { rss }: TaskReply): boolean {
    return chunks >= tasksPerProcess || rss - rssAtBoot > memoryLimit * 2 ** 20;
  }

  /** Lets a child get rid of its output and run its exit handlers, for a while. */
  async function retire(old: Child): Promise<void> {
    if (child === old) child = undefined;
    keepAlive(old, true);
    if (old.process.connected) old.process.disconnect();
    const grace = old.onExit === undefined ? OUTPUT_GRACE : CLOSE_GRACE;
    const timer = setTimeout(() => old.process.kill('SIGKILL'), grace);
    await old.exited;
    clearTimeout(timer);
  }

  async function stop(victim: Child): Promise<void> {
    if (child === victim) child = undefined;
    victim.process.kill('SIGKILL');
    await victim.exited;
  }

  /** Waits for an answer, a death, an abort or the deadline, whichever comes first. */
  async function ask(
    asked: Child,
    method: Child['phase'],
    params: unknown[],
    limits: TaskLimits,
  ): Promise<Outcome> {
    asked.phase = method;
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
          const grace = setTimeout(() => asked.process.kill('SIGKILL'), EXIT_GRACE);
          void asked.exited.then(() => clearTimeout(grace));
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

  /** What a child that has answered does until its next task: nothing, or make room for another. */
  function rest(current: Child, outcome: Outcome): Outcome {
    current.usedAt = performance.now();
    if (child !== current) return outcome;
    keepAlive(current, false);
    if (outcome.kind === 'reply' && isWorn(current, outcome.reply)) {
      const gone = retire(current);
      retired.add(gone);
      void gone.then(() => retired.delete(gone));
    }
    return outcome;
  }

  return {
    async run(task, limits) {
      if (limits.signal.aborted) return { kind: 'cancelled' };
      if (closed) return { kind: 'died', phase: 'boot', exitCode: null, signal: null };
      let current: Child;
      try {
        current = child ??= startChild(launch, (dead) => {
          if (child === dead) child = undefined;
        });
      } catch (error) {
        return { kind: 'died', phase: 'boot', exitCode: null, signal: null, late: { error } };
      }
      keepAlive(current, true);
      if (performance.now() - current.usedAt > IDLE) current.isBooted = false;
      if (!current.isBooted) {
        const booted = await ask(current, 'boot', [], { ...limits, timeout: deadlines.boot });
        if (booted.kind === 'timeout')
          return { kind: 'died', phase: 'boot', exitCode: null, signal: 'SIGKILL', deadline: deadlines.boot };
        if (booted.kind !== 'reply') return booted;
        current.isBooted = true;
        if (current.rssAtBoot === 0) current.rssAtBoot = booted.reply.rss;
      }
      // Apart from the task: its time and its retries are not for loading.
      if (current.run !== task.run) {
        const loaded = await ask(current, 'load', [task.run], { ...limits, timeout: deadlines.load });
        if (loaded.kind === 'timeout') return { kind: 'reply', reply: neverLoaded(task.run, deadlines.load) };
        if (loaded.kind !== 'reply' || !loaded.reply.ok) return rest(current, loaded);
        current.run = task.run;
      }
      const outcome = await ask(current, 'task', [task], limits);
      current.chunks += task.chunks.length;
      return rest(current, outcome);
    },
    async close() {
      closed = true;
      if (child !== undefined) await retire(child);
      await Promise.all(retired);
    },
  };
}
