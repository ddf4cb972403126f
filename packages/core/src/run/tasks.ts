import type { Settings } from '../options/settings.js';
import { concurrencyOf } from '../plan/compiled-plan.js';
import type { Sink } from '../plan/node.js';
import type { TaskChunk, TaskMessage } from '../protocol/task-message.js';
import { alignedSpans } from './aligned-spans.js';
import type { CutStage } from './cut-plan.js';
import { earlyReturn } from './early-return.js';
import { patientBatches, type Batching } from './patient-batches.js';
import type { StageOutputs } from './stage-outputs.js';
import { collectStride, combineStride, foldStride, paceOf, type Pace, type Stride } from './task-length.js';

/** The tasks of a stage. */
export interface StageTasks {
  /** Made as they are asked for. */
  readonly tasks: AsyncGenerator<TaskMessage, void, undefined>;
  /** Is told of results as they come. */
  readonly pace: Pace;
}

const singly: Pace = { spanFrom: () => 1, observe: () => undefined };

/** A task is complete when its chunks hold so many bytes that travel or are read: items, or segments of buckets. */
const TASK_BYTES = 2 * 2 ** 20;

/** A source that is slow to give its next chunk does not hold up those before it for longer, in milliseconds. */
const PATIENCE = 10;

/** Cuts the chunks of a stage into tasks of the run that children know by the name `run`. */
export function tasksOf(run: string, stage: CutStage, outputs: StageOutputs, settings: Settings): StageTasks {
  const { number: stageNumber, wire, count } = stage;
  const { sink } = wire;
  const stride = strideOf(sink, settings);
  const isFixed = stride === undefined && (sink.kind === 'shuffle' || sink.kind === 'write');
  const least = leastSpan(concurrencyOf(wire) ?? 0, stage);
  const pace = stride === undefined ? singly : paceOf(count ?? Infinity, stride, settings, least);
  const isCollected = sink.kind === 'collect';
  const enough = speaksOfChunks(settings) ? 1 : TASK_BYTES;
  const early = earlyReturn();

  async function* chunks(): AsyncGenerator<TaskChunk, void, undefined> {
    let number = 0;
    for (const [branch, { from }] of wire.branches.entries()) {
      const given =
        'shuffle' in from ? outputs.chunksOf(from.stage, from.shuffle) : stage.cuts[branch]!.chunks;
      for await (const source of early.watch<TaskChunk['source']>(given)) {
        yield { number: number++, branch, source };
      }
    }
  }

  /** Whether a task is complete that holds these chunks, before the next one is looked at, or once it is known. */
  function isComplete({ items, weight }: Batching<TaskChunk>, next: TaskChunk | undefined): boolean {
    const first = items[0]!;
    // Where extents matter, those of one branch do not depend on what another one has.
    if (next !== undefined && isFixed && first.branch !== next.branch) return true;
    if (isFixed) return items.length >= fixedSpan(stage, first.number);
    if (isCollected && isBucket(first)) {
      // A bucket that holds something begins a task of its own, where the one before has enough.
      return next !== undefined && bytesOf(next) > 0 && weight >= enough;
    }
    return items.length >= pace.spanFrom(first.number) || weight >= TASK_BYTES;
  }

  async function* tasks(): AsyncGenerator<TaskMessage, void, undefined> {
    const rules = { weigh: bytesOf, isComplete, patience: isFixed ? Infinity : PATIENCE };
    for await (const held of patientBatches(chunks(), rules)) {
      // A fold follows the run's tree, of which only aligned spans are subtrees.
      const spans = stride?.isAligned ? alignedSpans(held) : [held];
      for (const span of spans) {
        yield { run, stage: stageNumber, name: `${stageNumber}-${span[0]!.number}`, chunks: span };
      }
    }
  }

  return { tasks: early.guard(tasks()), pace };
}

/** So many chunks keep asynchronous calls under way for most of a task's time. */
function leastSpan(concurrency: number, { chunkRecords = Infinity }: CutStage): number {
  return Math.ceil((4 * concurrency) / chunkRecords);
}

/** A task of a keyed verb reads so many bytes of files, where that leaves enough tasks for the processes of any machine. */
const KEYED_BYTES = 4 * 2 ** 20;
const [FEWEST_TASKS, MOST_TASKS] = [32, 128];

/** What is known of a stage when its tasks are cut. */
type ExtentOf = Pick<CutStage, 'wire' | 'count' | 'chunkRecords' | 'chunkBytes'>;

/**
 * How many chunks of a branch a task covers from one on, where its extent matters: keyed results combine over a task, and it
 * writes one part. So the extent is a function of plan and input alone.
 */
export function fixedSpan(
  { wire, count, chunkRecords = Infinity, chunkBytes }: ExtentOf,
  chunk: number,
): number {
  const forCalls = powerOfTwo(Math.ceil, (concurrencyOf(wire) ?? 0) / chunkRecords);
  if (count === undefined) {
    // The span doubles with the position: what the parent must know of the tasks grows slowly with an input of unknown length.
    return Math.max(forCalls, Math.min(256, powerOfTwo(Math.floor, chunk / MOST_TASKS)));
  }
  const forCount = powerOfTwo(Math.ceil, count / MOST_TASKS);
  if (wire.sink.kind !== 'shuffle' || chunkBytes === undefined) return Math.max(forCalls, forCount);
  // The more a task reads, the more often it meets a key again, and the fewer entries and buckets travel.
  const forBytes = Math.min(
    powerOfTwo(Math.ceil, KEYED_BYTES / chunkBytes),
    powerOfTwo(Math.floor, count / FEWEST_TASKS),
  );
  return Math.max(forCalls, forCount, forBytes);
}

/** A power of two of at least 1 that is about `n`. */
function powerOfTwo(round: (exponent: number) => number, n: number): number {
  return 2 ** Math.max(0, round(Math.log2(Math.max(1, n))));
}

function isBucket({ source }: TaskChunk): boolean {
  return 'segments' in source;
}

/** Bytes that travel with a chunk, or that lie in its bucket. */
function bytesOf({ source }: TaskChunk): number {
  if ('segments' in source) return source.segments.reduce((sum, { length }) => sum + length, 0);
  return 'bytes' in source ? (source.bytes ?? 0) : 0;
}

/**
 * How tasks may be cut by what chunks turn out to take: where no option speaks of single chunks, and the answer is the same
 * however they are cut. A fold follows the run's tree. Records are collected in order. Counts are exact, and the first of
 * equals is the first in input order; but what a user's function makes of two sums may depend on where they were cut.
 */
function strideOf(sink: Sink<number>, settings: Settings): Stride | undefined {
  if (speaksOfChunks(settings)) return undefined;
  switch (sink.kind) {
    case 'count':
    case 'reduce':
    case 'aggregate':
      return foldStride;
    case 'shuffle':
      return sink.shuffle.kind === 'count' || sink.shuffle.kind === 'distinct' ? combineStride : undefined;
    case 'collect':
      // What is to end early reads no further than it must.
      return sink.limit === undefined ? collectStride : undefined;
    case 'write':
      return undefined;
  }
}

/** Whether an option speaks of single chunks. */
function speaksOfChunks({ timeout, tasksPerProcess, checkpoint, bufferSize, pool }: Settings): boolean {
  return (timeout ?? (pool ?? { tasksPerProcess }).tasksPerProcess ?? checkpoint ?? bufferSize) !== undefined;
}
