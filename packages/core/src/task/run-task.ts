import { Counts } from '../counters.js';
import { concurrencyOf, type CompiledPlan, type WireStage } from '../plan/compiled-plan.js';
import type { Failure } from '../protocol/failure.js';
import type { TaskDone, TaskFailed, TaskReply } from '../protocol/reply.js';
import type { TaskMessage } from '../protocol/task-message.js';
import { PromisedRecord } from '../source/bad-record.js';
import type { Batches } from '../source/source.js';
import { Blame } from './blame/blame.js';
import { recordSelector } from './blame/select-records.js';
import { skipsOf } from './blame/skips.js';
import { isAboutRun, toFailure, type Suspects } from './blame/to-failure.js';
import { chunkWork } from './chunk-work.js';
import { chunksInTurn } from './chunks-in-turn.js';
import { budgetOf, chunksOneByOne } from './chunks-one-by-one.js';
import type { LoadedRun } from './load-run.js';
import { describeRecord } from './describe-record.js';
import type { EarlyParts, HandOver } from './early-parts.js';
import { sinkEnding, type Answered, type Ending } from './ending.js';
import { measured } from './measured.js';
import { insideTask } from './parking.js';
import { foldOn } from './sinks/fold.js';
import type { FoldingSink } from './sinks/open-sink.js';
import { goOn } from './next-stage.js';
import { passOf } from './pass.js';
import type { TaskContext, TaskPlace } from './task-context.js';
import { Calls } from './verbs/calls.js';
import { ignoreGarbage, watchGarbage } from './usage/garbage.js';
import { OpenUsage } from './usage/open-usage.js';
import { now } from '../timers.js';

type Answer = TaskDone | TaskFailed;

/** What an answer says of work, where there was none. */
const nothing: Omit<TaskDone, 'value'> = {
  ok: true,
  records: 0,
  seconds: 0,
  emitted: { records: 0, bytes: 0 },
  skipped: { count: 0, records: [] },
};

/** What a process has loaded a run without trouble answers. */
export const loadedReply: TaskDone = { ...nothing, value: new Uint8Array() };

/** What an error outside of all tasks is told as, such as that of a module that cannot be loaded. */
export function failureOf(error: unknown): Failure {
  return toFailure(error, { blame: new Blame(), functions: [], isOfRun: () => false });
}

/** Runs one task and answers. Never throws, whatever user code does: every failure is a reply. */
export async function runTask(
  task: TaskMessage,
  run: LoadedRun,
  place: TaskPlace,
  early?: EarlyParts,
): Promise<TaskReply> {
  try {
    return measured(await answer(task, run, place, early), place.spill.disk);
  } catch (error) {
    // User code may have broken anything, such as `process.memoryUsage`; in this process a rejection would end the program.
    return { ok: false, failure: failureOf(error), rss: 0, disk: { written: 0, peak: 0, kept: 0 } };
  }
}

async function answer(
  task: TaskMessage,
  run: LoadedRun,
  place: TaskPlace,
  early: EarlyParts | undefined,
): Promise<Answer> {
  const { plan, limits, isWatched = false } = run.description;
  const stage = plan.stages[task.stage]!;
  const { sink } = stage;
  const blame = new Blame();
  blame.chunk = task.chunks[0]?.number ?? task.fold?.before ?? 0;
  const targets = targetsOf(task, plan);
  const isOfRun = (file: string): boolean => file.startsWith(place.spill.directory) || targets.includes(file);
  const suspects: Suspects = { blame, functions: plan.functions, isOfRun };
  const skips = limits.maxSkipped > 0 ? skipsOf(limits.maxSkipped, limitOf(task, plan), blame) : undefined;
  const usage = usageOf(isWatched, place);
  const context: TaskContext = { functions: run.functions, blame, place, skips, calls: new Calls(), usage };
  try {
    const { fold, selection } = task;
    if (selection?.traceFile !== undefined) place.spill.prepare?.();
    if (selection?.describe !== undefined)
      return { ...nothing, value: await describeRecord(task, selection.describe, stage, context) };
    if (fold !== undefined) {
      const started = now();
      const counts = new Counts();
      const value = insideTask(() => foldOn(fold, sink as FoldingSink, context), counts);
      const seconds = (now() - started) / 1000;
      return await told({ ...nothing, value, seconds, ...counted(counts) }, usage);
    }
    const done = await told(await persist(task, plan, { ...context, parts: early }, suspects), usage);
    return await goOn(task, done, { plan, place }, (next, its) => answer(next, run, its, undefined));
  } catch (thrown) {
    const error = thrown instanceof PromisedRecord ? await thrown.reason() : thrown;
    return { ok: false, failure: toFailure(error, suspects) };
  }
}

/** The directories that a task writes to, as the user has named them. */
function targetsOf({ stage, pass = [] }: TaskMessage, { stages }: CompiledPlan): string[] {
  return [stage, ...pass.map((one) => one.stage)].flatMap((number) => {
    const { sink } = stages[number]!;
    return sink.kind === 'write' ? [sink.target] : [];
  });
}

/** How many records there is room for. Where records end in several places, each of these knows its own. */
function limitOf({ stage, pass }: TaskMessage, { stages }: CompiledPlan): number {
  const { sink } = stages[stage]!;
  return sink.kind === 'collect' && pass === undefined ? (sink.limit ?? Infinity) : Infinity;
}

/** What measures a task, where somebody watches the run. */
function usageOf(isWatched: boolean, { pulse }: TaskPlace): OpenUsage | undefined {
  if (isWatched) watchGarbage();
  else ignoreGarbage();
  return isWatched ? new OpenUsage(pulse) : undefined;
}

function counted(counts: Counts): Pick<TaskDone, 'counters'> {
  const counters = counts.values();
  return counters === undefined ? {} : { counters };
}

async function told(done: TaskDone, usage: OpenUsage | undefined): Promise<TaskDone> {
  return usage === undefined ? done : { ...done, usage: await usage.result() };
}

/** A task that may give a part of its records before its end. */
interface Pausable extends TaskContext {
  readonly parts?: EarlyParts | undefined;
}

/** Where the last verbs of a task hand over what they have given, if it may. */
function handOverOf(ending: Ending, parts: EarlyParts | undefined): HandOver | undefined {
  if (parts === undefined || ending.takePart === undefined) return undefined;
  return {
    isDue: () => ending.hasMore && parts.isDue,
    async handOver() {
      await parts.give({ ...nothing, ...ending.takePart!(), more: true });
    },
  };
}

/** Works on a task, anew for each record that it has to leave out because a function of its sink threw. */
async function persist(
  task: TaskMessage,
  plan: CompiledPlan,
  context: Pausable,
  suspects: Suspects,
): Promise<TaskDone> {
  const { blame, skips, usage } = context;
  const started = now();
  const pass = passOf(task, plan, context, suspects);
  for (;;) {
    try {
      // Calls of an attempt that was given up may still be under way.
      const counts = new Counts();
      const its = { ...context, calls: new Calls(), counts };
      const ending = pass?.open(its) ?? sinkEnding(task, plan.stages[task.stage]!, its);
      const done = await work(task, plan.stages[task.stage]!, its, ending);
      const skipped = (await (pass ?? skips)?.result()) ?? nothing.skipped;
      const seconds = (now() - started) / 1000;
      return { ok: true, ...done, records: blame.records, seconds, skipped, ...counted(counts) };
    } catch (error) {
      const all = pass ?? skips;
      if (isAboutRun(error, suspects) || !all?.restartsWithout(error)) throw error;
      all.restart();
      blame.restart();
      usage?.restart();
    }
  }
}

/** Sends the records of the task's chunks to where they end, and gives what comes of them. */
async function work(
  { chunks, selection: given, ...task }: TaskMessage,
  stage: WireStage,
  context: Pausable & { readonly counts: Counts },
  ending: Ending,
): Promise<Answered & Pick<TaskDone, 'covered'>> {
  const { blame, skips, usage, counts } = context;
  const skip = [...(given?.skip ?? []), ...(skips?.excluded ?? [])];
  const selector = given !== undefined || skips ? recordSelector({ ...given, skip }) : undefined;
  const its = { ...context, early: handOverOf(ending, context.parts) };
  const select = (batches: Batches, own: Blame): Batches => selector?.select(batches, own) ?? batches;
  try {
    const doing = chunkWork({ stage, ending, context: its, select });
    const isAlone = chunks.length === 1 || concurrencyOf(stage) === undefined || ending.isOneByOne;
    const isInTurn = !isAlone && given === undefined;
    const isOver = given === undefined ? budgetOf(task) : undefined;
    const run = async (): Promise<number> =>
      isInTurn
        ? chunksInTurn(chunks, doing, context.calls, { blame, isOver })
        : chunksOneByOne(chunks, doing, blame, isOver);
    const done = await insideTask(run, counts);
    if (usage !== undefined) usage.calls = context.calls.peak;
    const answered = insideTask(() => ending.finish(), counts);
    return done === chunks.length ? answered : { ...answered, covered: done };
  } catch (error) {
    ending.abort();
    throw error;
  } finally {
    selector?.end();
  }
}
