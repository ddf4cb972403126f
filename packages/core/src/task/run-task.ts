import { Counts } from '../counters.js';
import { concurrencyOf, type WireBranch, type WireStage } from '../plan/compiled-plan.js';
import type { Failure } from '../protocol/failure.js';
import type { TaskDone, TaskFailed, TaskReply } from '../protocol/reply.js';
import { isEmptyBucket, type TaskChunk, type TaskMessage } from '../protocol/task-message.js';
import { PromisedRecord } from '../source/bad-record.js';
import { Blame } from './blame/blame.js';
import { resultIndex } from './blame/result-index.js';
import { recordSelector } from './blame/select-records.js';
import { skipsOf } from './blame/skips.js';
import { isAboutRun, toFailure, type Suspects } from './blame/to-failure.js';
import { chunksInTurn, type ChunkWork } from './chunks-in-turn.js';
import type { LoadedRun } from './load-run.js';
import { describeRecord } from './describe-record.js';
import type { EarlyParts, HandOver } from './early-parts.js';
import { measured } from './measured.js';
import { insideTask } from './parking.js';
import { foldOn } from './sinks/fold.js';
import type { FoldingSink, OpenSink } from './sinks/open-sink.js';
import { sinkOf } from './sinks/sink-of.js';
import { readChunk } from './read-chunk.js';
import type { TaskContext, TaskPlace } from './task-context.js';
import { Calls } from './verbs/calls.js';
import type { Parse } from './verbs/chain.js';
import { runPipeline, type Receiver } from './verbs/pipeline.js';
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
  const isOfRun = (file: string): boolean =>
    file.startsWith(place.spill.directory) || (sink.kind === 'write' && file === sink.target);
  const suspects: Suspects = { blame, functions: plan.functions, isOfRun };
  const limit = sink.kind === 'collect' ? (sink.limit ?? Infinity) : Infinity;
  const skips = limits.maxSkipped > 0 ? skipsOf(limits.maxSkipped, limit, blame) : undefined;
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
    return await told(await persist(task, stage, { ...context, parts: early }, suspects), usage);
  } catch (thrown) {
    const error = thrown instanceof PromisedRecord ? await thrown.reason() : thrown;
    return { ok: false, failure: toFailure(error, suspects) };
  }
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

/** Records that have reached the sink. */
interface Counter {
  emitted: number;
  /** How many are to be left out, since another attempt has handed them over. */
  dropped: number;
  /** How many were handed over. */
  taken: number;
}

/** Where the last verbs of a task hand over what they have given, if it may. */
function handOverOf(sink: OpenSink, counter: Counter, parts: EarlyParts | undefined): HandOver | undefined {
  if (parts === undefined || sink.takePart === undefined) return undefined;
  return {
    isDue: () => counter.emitted > counter.taken && parts.isDue,
    async handOver() {
      const { value, bytes } = sink.takePart!();
      const emitted = { records: counter.emitted - counter.taken, bytes };
      counter.taken = counter.emitted;
      await parts.give({ ...nothing, value, emitted, more: true });
    },
  };
}

/** Works on a task, anew for each record that it has to leave out because a function of its sink threw. */
async function persist(
  task: TaskMessage,
  stage: WireStage,
  context: Pausable,
  suspects: Suspects,
): Promise<TaskDone> {
  const { blame, skips, usage } = context;
  const started = now();
  for (;;) {
    try {
      // Calls of an attempt that was given up may still be under way.
      const counts = new Counts();
      const done = await work(task, stage, { ...context, calls: new Calls(), counts });
      const skipped = (await skips?.result()) ?? nothing.skipped;
      const seconds = (now() - started) / 1000;
      return { ok: true, ...done, records: blame.records, seconds, skipped, ...counted(counts) };
    } catch (error) {
      if (isAboutRun(error, suspects) || !skips?.restartsWithout(error)) throw error;
      skips.restart();
      blame.restart();
      usage?.restart();
    }
  }
}

/** Sends the records of the task's chunks to the sink, and gives what it makes of them. */
async function work(
  { chunks, extents, selection: given, given: dropped = 0 }: TaskMessage,
  stage: WireStage,
  context: Pausable & { readonly counts: Counts },
): Promise<Pick<TaskDone, 'value' | 'emitted'>> {
  const { blame, skips, usage, counts } = context;
  const index = resultIndex(chunks, stage, skips !== undefined);
  const sink = sinkOf(stage.sink, context, { index, extents });
  const skip = [...(given?.skip ?? []), ...(skips?.excluded ?? [])];
  const selector = given !== undefined || skips ? recordSelector({ ...given, skip }) : undefined;
  const counter = { emitted: 0, dropped, taken: 0 };
  const early = handOverOf(sink, counter, context.parts);
  try {
    const chunkWork: ChunkWork = {
      receiver: ({ branch }) => counting(sink, stage.branches[branch]!.tag, counter),
      run(chunk, into, own) {
        usage?.begin();
        if (isEmptyBucket(chunk)) return;
        const branch = stage.branches[chunk.branch]!;
        const its = { ...context, blame: own, early };
        const read = readChunk(chunk, branch, its);
        const batches = usage?.pulses?.watch(read) ?? read;
        const selected = selector ? selector.select(batches, own) : batches;
        const pipeline = {
          ...parseOf(branch, its),
          ops: branch.ops,
          seed: chunk.number,
          branch: chunk.branch,
        };
        return insideTask(() => runPipeline(selected, pipeline, into, its), counts);
      },
      end() {
        usage?.end(blame.records);
        insideTask(() => sink.endChunk(), counts);
      },
    };
    const isAlone = chunks.length === 1 || concurrencyOf(stage) === undefined;
    if (isAlone || given !== undefined) await oneByOne(chunks, chunkWork, blame);
    else await chunksInTurn(chunks, chunkWork, context.calls, blame);
    const finish = (): ReturnType<OpenSink['finish']> => insideTask(() => sink.finish(), counts);
    if (usage !== undefined) usage.calls = context.calls.peak;
    const { value, bytes } = usage ? usage.serializing(finish) : finish();
    return { value, emitted: { records: counter.emitted - counter.taken, bytes } };
  } catch (error) {
    sink.abort();
    throw error;
  } finally {
    selector?.end();
  }
}

async function oneByOne(chunks: readonly TaskChunk[], work: ChunkWork, blame: Blame): Promise<void> {
  for (const chunk of chunks) {
    blame.chunk = chunk.number;
    const pending = work.run(chunk, work.receiver(chunk), blame);
    if (pending !== undefined) await pending;
    work.end();
  }
}

/** Where the records of a branch end, which are counted. */
function counting(sink: OpenSink, tag: number, counter: Counter): Receiver {
  const { push, isBounded = false } = sink;
  return {
    isBounded,
    get isFull() {
      return sink.isFull;
    },
    push(record: unknown): void {
      if (counter.dropped > 0) {
        counter.dropped -= 1;
        return;
      }
      counter.emitted += 1;
      push(record, tag);
    },
  };
}

function parseOf({ from }: WireBranch, { functions }: TaskContext): { parse?: Parse } {
  if ('shuffle' in from) return {};
  const reader = functions.reader(from.reader);
  if (reader.parse === undefined) return {};
  return { parse: { verb: from.source, fn: from.reader, parse: (read) => reader.parse!(read) } };
}
