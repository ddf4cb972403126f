import type { LostTask, UnknownRun } from '../child/loaded-runs.js';
import type { TaskReply } from '../protocol/reply.js';
import { packed } from '../protocol/packed-chunks.js';
import { isEmptyBucket } from '../protocol/task-message.js';
import { ask, type Answer, type AskLimits } from './ask.js';
import { keepAlive, startChild, type Child } from './child.js';
import { lostTask, type ChildDeath, type Outcome, type PoolTask, type TaskLimits } from './pool.js';
import type { Launch, ProcessPoolOptions } from './launch.js';
import type { Slot } from './slots.js';
import { clearTimeout, now, setTimeout } from '../timers.js';

/** A child boots in about 0.1 s; a loader, or a machine under load, may take many times that. */
const BOOT_DEADLINE = 60_000;
/** For the modules of a run's jobs, their top-level `await` included. */
const LOAD_DEADLINE = 60_000;
/** A child that was idle for longer may have died unseen; it is asked before it is given a task. */
const IDLE = 50;
/** How long a child that is still busy may take to run its exit handlers when the pool is closed. */
const CLOSE_GRACE = 1000;
/**
 * How long one that is idle may: it also waits until its output is read. Longer serves slower readers; but as long does the
 * end of a run wait for a reader that has stopped to read, and then the rest of the output is lost.
 */
const OUTPUT_GRACE = 5000;

const notStarted: ChildDeath = { kind: 'died', phase: 'boot', exitCode: null, signal: null };

/** Keeps one child, which it starts when there is a task or there will be one, and replaces when it has died or is worn. */
export class ProcessSlot implements Slot {
  readonly #launch: Launch;
  readonly #options: ProcessPoolOptions;
  readonly #deadlines: { readonly boot: number; readonly load: number };
  #child: Child | undefined;
  #isClosed = false;
  /** Runs that the child has loaded, and that are over. */
  #ended: string[] = [];
  readonly #retired = new Set<Promise<void>>();

  constructor(launch: Launch, options: ProcessPoolOptions) {
    this.#launch = launch;
    this.#options = options;
    this.#deadlines = options.deadlines ?? { boot: BOOT_DEADLINE, load: LOAD_DEADLINE };
  }

  async run(task: PoolTask, limits: TaskLimits): Promise<Outcome> {
    if (isOver(limits)) return { kind: 'cancelled' };
    if (this.#isClosed) return notStarted;
    let current: Child;
    try {
      current = this.#start();
    } catch (error) {
      return { ...notStarted, late: { error } };
    }
    keepAlive(current, true);
    const wasIdle = current.state === 'idle';
    const outcome = await this.#work(current, task, limits);
    this.#rest(current, outcome);
    // What a child has answered since says only that it can be kept.
    if (isOver(limits)) return { kind: 'cancelled' };
    // A child that has died while it had nothing to do is replaced, and that is no try at anything.
    const wasLost = wasIdle && outcome.kind === 'died' && outcome.phase !== 'task';
    return wasLost && outcome.deadline === undefined ? this.run(task, limits) : outcome;
  }

  start(): void {
    if (this.#isClosed || this.#child !== undefined) return;
    try {
      keepAlive(this.#start(), false);
    } catch {
      // The first task tries again, and tells why it cannot.
    }
  }

  forget(run: string): void {
    if (this.#child?.runs.delete(run)) this.#ended.push(run);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ended = [];
    if (this.#child !== undefined) await this.#retire(this.#child);
    await Promise.all(this.#retired);
  }

  #start(): Child {
    this.#child ??= startChild(this.#launch, (dead) => this.#lose(dead));
    return this.#child;
  }

  #lose(gone: Child): void {
    if (this.#child === gone) this.#child = undefined;
  }

  async #work(current: Child, task: PoolTask, limits: TaskLimits): Promise<Outcome> {
    const failed = (await this.#boot(current, limits)) ?? (await this.#load(current, task, limits));
    if (failed !== undefined) return failed;
    const { message, description, imports } = task;
    const isUnknown = !current.runs.has(message.run);
    // A child that was killed while it was idle has not begun, so that is no try. To hear of it is one
    // more message, and where there are more tries it may count as one. A job's function may also loop for ever.
    const tells = isUnknown && (limits.isOnlyTry === true || imports.length > 0);
    const asks = packed(message);
    const params = isUnknown ? [asks, description, this.#ended.splice(0), tells] : [asks];
    const { load } = this.#deadlines;
    const asked = tells ? { ...limits, phase: 'load' as const, phaseTimeout: load } : limits;
    current.onPulse = limits.onPulse;
    const answer = await this.#ask<TaskReply | UnknownRun | LostTask>(current, 'task', params, asked);
    current.onPulse = undefined;
    if (answer.kind === 'timeout' && limits.timeout === undefined) return lateLoad(load);
    if (answer.kind !== 'reply') return answer;
    const { reply } = answer;
    if ('lost' in reply) return lostTask;
    if ('unknown' in reply) {
      current.runs.delete(message.run);
      return this.#work(current, task, limits);
    }
    // A run that could not be loaded is unknown to the child, which says so when it is asked for again.
    current.runs.add(message.run);
    if (isPart(reply)) return { kind: 'reply', reply };
    current.chunks += message.chunks.filter((chunk) => !isEmptyBucket(chunk)).length;
    return { kind: 'reply', reply };
  }

  /** Waits until a child has started, or says that it still is there. Undefined where it does. */
  async #boot(current: Child, { signal }: TaskLimits): Promise<Outcome | undefined> {
    const { state } = current;
    const isNew = state === 'new';
    const isKnown = !isNew && now() - current.usedAt <= IDLE;
    current.state = 'busy';
    if (isKnown) return undefined;
    const timeout = this.#deadlines.boot;
    const booted = await this.#ask<{ rss: number }>(current, 'boot', [false], { signal, timeout });
    // The child goes on starting, for the next task.
    if (booted.kind === 'cancelled') current.state = state;
    if (booted.kind === 'timeout') return { ...notStarted, signal: 'SIGKILL', deadline: timeout };
    if (booted.kind !== 'reply') return booted;
    if (isNew) current.rssAtBoot = booted.reply.rss;
    return undefined;
  }

  /** Has a child load modules of a run, apart from the task: its time and its retries are not for loading. */
  async #load(
    current: Child,
    { message, description, imports }: PoolTask,
    { signal, timeout: ofTask }: TaskLimits,
  ): Promise<Outcome | undefined> {
    // What a child has imported before is there at once, and what else there is to load comes with the task.
    const isThere = ofTask === undefined && imports.every((module) => current.imported.has(module));
    if (imports.length === 0 || isThere || current.runs.has(message.run)) return undefined;
    const timeout = this.#deadlines.load;
    const params = [message.run, description, this.#ended.splice(0)];
    const loaded = await this.#ask<TaskReply>(current, 'load', params, { signal, timeout });
    if (loaded.kind === 'timeout') return lateLoad(timeout);
    if (loaded.kind !== 'reply') return loaded;
    current.isSpoilt = !loaded.reply.ok;
    if (current.isSpoilt) return loaded;
    current.runs.add(message.run);
    for (const module of imports) current.imported.add(module);
    return undefined;
  }

  /** Asks the child; one that does not answer is killed, unless it only starts, and others may want it. */
  async #ask<R>(
    asked: Child,
    method: ChildDeath['phase'],
    params: unknown[],
    limits: AskLimits,
  ): Promise<Answer<R>> {
    // The child need not be asked, and an aborted signal tells nobody that listens from now on.
    if (isOver(limits)) return { kind: 'cancelled' };
    const { isWarm = false } = this.#options;
    const isStarting = method === 'boot';
    const answer = await ask<R>(asked, method, params, { ...limits, mayBeLate: isWarm && !isStarting });
    if (answer.kind === 'reply' || (answer.kind === 'cancelled' && isWarm && isStarting)) return answer;
    this.#lose(asked);
    asked.process.kill('SIGKILL');
    await asked.exited;
    return answer;
  }

  /** What a child that has answered does until its next task: nothing, or make room for another. */
  #rest(current: Child, outcome: Outcome): void {
    if (this.#child !== current) return;
    keepAlive(current, false);
    // The child was to start, or to say that it is there, and has not done so yet.
    if (current.state !== 'busy') return;
    current.usedAt = now();
    current.state = 'idle';
    if (outcome.kind !== 'reply' || isPart(outcome.reply) || !isWorn(current, outcome.reply, this.#options))
      return;
    const gone = this.#retire(current);
    this.#retired.add(gone);
    void gone.then(() => this.#retired.delete(gone));
  }

  /** Lets a child get rid of its output and run its exit handlers, for a while. */
  async #retire(old: Child): Promise<void> {
    this.#lose(old);
    keepAlive(old, true);
    // One that has not started yet has nothing to finish.
    if (old.state === 'new') old.process.kill('SIGKILL');
    if (old.process.connected) old.process.disconnect();
    const grace = old.state === 'busy' ? CLOSE_GRACE : OUTPUT_GRACE;
    const timer = setTimeout(() => old.process.kill('SIGKILL'), grace);
    await old.exited;
    clearTimeout(timer);
  }
}

/** The end of a child that has taken longer to load a run. */
function lateLoad(deadline: number): ChildDeath {
  return { ...notStarted, phase: 'load', signal: 'SIGKILL', deadline };
}

/** Whether nobody waits any more. */
function isOver({ signal }: AskLimits): boolean {
  return signal.aborted;
}

/** Whether a task has stopped, in a child that must not go before it. */
function isPart(reply: TaskReply): boolean {
  return reply.ok && reply.more === true;
}

/** A worn child makes room for a fresh one: after so many chunks, a module that failed, or with more memory than its limit. */
function isWorn(
  { chunks, rssAtBoot, isSpoilt }: Child,
  { rss }: TaskReply,
  { tasksPerProcess = Infinity, memoryLimit = Infinity }: ProcessPoolOptions,
): boolean {
  return isSpoilt || chunks >= tasksPerProcess || rss - rssAtBoot > memoryLimit * 2 ** 20;
}
