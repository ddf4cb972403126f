import type { UnknownRun } from '../child/loaded-runs.js';
import type { TaskReply } from '../protocol/reply.js';
import { isEmptyBucket } from '../protocol/task-message.js';
import { ask, type Answer } from './ask.js';
import { keepAlive, startChild, type Child } from './child.js';
import type { ChildDeath, Outcome, PoolTask, TaskLimits } from './pool.js';
import type { Launch, ProcessPoolOptions } from './launch.js';
import type { Slot } from './slots.js';

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

/** Keeps one child, which it starts when there is a task, and replaces when it has died or is worn. */
export function processSlot(launch: Launch, options: ProcessPoolOptions): Slot {
  const { deadlines = { boot: BOOT_DEADLINE, load: LOAD_DEADLINE } } = options;
  let child: Child | undefined;
  let closed = false;
  /** Runs that the child has loaded, and that are over. */
  let ended: string[] = [];
  const retired = new Set<Promise<void>>();

  function start(): Child {
    child ??= startChild(launch, (dead) => {
      if (child === dead) child = undefined;
    });
    return child;
  }

  /** Lets a child get rid of its output and run its exit handlers, for a while. */
  async function retire(old: Child): Promise<void> {
    if (child === old) child = undefined;
    keepAlive(old, true);
    if (old.process.connected) old.process.disconnect();
    const grace = old.state === 'busy' ? CLOSE_GRACE : OUTPUT_GRACE;
    const timer = setTimeout(() => old.process.kill('SIGKILL'), grace);
    await old.exited;
    clearTimeout(timer);
  }

  /** Asks the child; one that does not answer is killed. */
  async function question<R>(
    asked: Child,
    method: ChildDeath['phase'],
    params: unknown[],
    limits: Pick<TaskLimits, 'signal' | 'timeout'>,
  ): Promise<Answer<R>> {
    const answer = await ask<R>(asked, method, params, limits);
    if (answer.kind === 'reply') return answer;
    if (child === asked) child = undefined;
    asked.process.kill('SIGKILL');
    await asked.exited;
    return answer;
  }

  /** Waits until a child has started, or says that it still is there. Undefined where it does. */
  async function boot(current: Child, { signal }: TaskLimits): Promise<Outcome | undefined> {
    const isKnown = current.state !== 'new' && performance.now() - current.usedAt <= IDLE;
    const isNew = current.state === 'new';
    current.state = 'busy';
    if (isKnown) return undefined;
    const booted = await question<{ rss: number }>(current, 'boot', [], { signal, timeout: deadlines.boot });
    if (booted.kind === 'timeout') return { ...notStarted, signal: 'SIGKILL', deadline: deadlines.boot };
    if (booted.kind !== 'reply') return booted;
    if (isNew) current.rssAtBoot = booted.reply.rss;
    return undefined;
  }

  /** Has a child load the functions of a run, apart from the task: its time and its retries are not for loading. */
  async function load(
    current: Child,
    { message, description }: PoolTask,
    { signal }: TaskLimits,
  ): Promise<Outcome | undefined> {
    if (current.runs.has(message.run)) return undefined;
    const params = [message.run, description, ended.splice(0)];
    const loaded = await question<TaskReply>(current, 'load', params, { signal, timeout: deadlines.load });
    if (loaded.kind === 'timeout') {
      return { ...notStarted, phase: 'load', signal: 'SIGKILL', deadline: deadlines.load };
    }
    if (loaded.kind !== 'reply' || !loaded.reply.ok) return loaded;
    current.runs.add(message.run);
    return undefined;
  }

  async function work(current: Child, task: PoolTask, limits: TaskLimits): Promise<Outcome> {
    const failed = (await boot(current, limits)) ?? (await load(current, task, limits));
    if (failed !== undefined) return failed;
    const answer = await question<TaskReply | UnknownRun>(current, 'task', [task.message], limits);
    if (answer.kind !== 'reply') return answer;
    const { reply } = answer;
    if ('unknown' in reply) {
      current.runs.delete(task.message.run);
      return work(current, task, limits);
    }
    current.chunks += task.message.chunks.filter((chunk) => !isEmptyBucket(chunk)).length;
    return { kind: 'reply', reply };
  }

  /** What a child that has answered does until its next task: nothing, or make room for another. */
  function rest(current: Child, outcome: Outcome): void {
    current.usedAt = performance.now();
    if (child !== current) return;
    current.state = 'idle';
    keepAlive(current, false);
    if (outcome.kind !== 'reply' || !isWorn(current, outcome.reply, options)) return;
    const gone = retire(current);
    retired.add(gone);
    void gone.then(() => retired.delete(gone));
  }

  return {
    async run(task, limits) {
      if (limits.signal.aborted) return { kind: 'cancelled' };
      if (closed) return notStarted;
      let current: Child;
      try {
        current = start();
      } catch (error) {
        return { ...notStarted, late: { error } };
      }
      keepAlive(current, true);
      const outcome = await work(current, task, limits);
      rest(current, outcome);
      return outcome;
    },
    forget(run) {
      if (child?.runs.delete(run)) ended.push(run);
    },
    async close() {
      closed = true;
      ended = [];
      if (child !== undefined) await retire(child);
      await Promise.all(retired);
    },
  };
}

/** A worn child makes room for a fresh one: after so many chunks, or when it holds more memory than its limit. */
function isWorn(
  { chunks, rssAtBoot }: Child,
  { rss }: TaskReply,
  { tasksPerProcess = Infinity, memoryLimit = Infinity }: ProcessPoolOptions,
): boolean {
  return chunks >= tasksPerProcess || rss - rssAtBoot > memoryLimit * 2 ** 20;
}
