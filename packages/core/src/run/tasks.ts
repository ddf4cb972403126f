import type { Settings } from '../options/settings.js';
import { concurrencyOf } from '../plan/compiled-plan.js';
import type { Shuffle, Sink } from '../plan/node.js';
import type { TaskChunk, TaskMessage } from '../protocol/task-message.js';
import { alignedSpans } from './aligned-spans.js';
import type { CutStage } from './cut-plan.js';
import { callsNothing, ownSeconds } from './own-seconds.js';
import { patientBatches, type BatchRules } from './patient-batches.js';
import type { StageOutputs } from './stage-outputs.js';
import { supplyEach, supplyOf, type Supply } from './supply.js';
import {
  collectStride,
  combineStride,
  extentStride,
  foldStride,
  paceOf,
  type Pace,
  type Stride,
} from './task-length.js';

/** The tasks of a stage. */
export interface StageTasks {
  /** Made as they are asked for. */
  readonly tasks: Supply<TaskMessage>;
  /** Is told of results as they come. */
  readonly pace: Pace;
}

export const singly: Pace = { spanFrom: () => 1, observe: () => undefined };

/** A task is complete when its chunks hold so many bytes that travel or are read: items, or segments of buckets. */
const TASK_BYTES = 2 * 2 ** 20;

/** A source that is slow to give its next chunk does not hold up those before it for longer, in milliseconds. */
const PATIENCE = 10;

/** Cuts chunks of a stage into tasks of the run that children know by the name `run`. */
export function tasksOf(
  run: string,
  stage: CutStage,
  chunks: Supply<TaskChunk>,
  settings: Settings,
): StageTasks {
  const { number, wire, count } = stage;
  const stride = strideOf(wire.sink, settings);
  const least = leastSpan(concurrencyOf(wire) ?? 0, stage);
  const pace = stride === undefined ? singly : paceOf(count ?? Infinity, stride, settings, least);
  const known = speaksOfSize(settings) ? undefined : ownSeconds(stage);
  if (known !== undefined) pace.observe({ chunks: 1, seconds: known });
  const of = { run, stage: number };
  if (isExtentFixed(wire.sink, stride)) {
    const extents = patientBatches(chunks, extentRules(stage));
    const tasks = patientBatches(extents, spanRules(pace));
    return { tasks: supplyEach(tasks, (held) => [taskOfExtents(held, of)]), pace };
  }
  const batches = patientBatches(chunks, chunkRules(stage, pace, settings));
  // A fold follows the run's tree, of which only aligned spans are subtrees.
  const spansOf = stride?.isAligned ? alignedSpans : (held: readonly TaskChunk[]) => [held];
  return {
    tasks: supplyEach(batches, (held) => spansOf(held).map((span) => taskOfChunks(span, of))),
    pace,
  };
}

/** Whether what tasks give depends on which chunks they combine, or write to one part. */
function isExtentFixed(sink: Sink<number>, stride: Stride | undefined): boolean {
  if (sink.kind === 'shuffle') return stride === undefined || !combinesAnyhow(sink);
  return sink.kind === 'write';
}

function extentRules(stage: CutStage): BatchRules<TaskChunk> {
  return {
    weigh: bytesOf,
    isComplete({ items }, next) {
      const first = items[0]!;
      // The extents of one branch do not depend on what another one has.
      if (next !== undefined && first.branch !== next.branch) return true;
      return items.length >= fixedSpan(stage, first.number);
    },
    patience: Infinity,
  };
}

/** A task may take several extents, as long as each is combined by itself. */
export function spanRules(pace: Pace): BatchRules<readonly TaskChunk[]> {
  return {
    weigh: (extent) => extent.reduce((sum, chunk) => sum + bytesOf(chunk), 0),
    isComplete: ({ items, weight }) =>
      items.reduce((sum, { length }) => sum + length, 0) >= pace.spanFrom(items[0]![0]!.number) ||
      weight >= TASK_BYTES,
    patience: PATIENCE,
  };
}

function chunkRules({ wire }: CutStage, pace: Pace, settings: Settings): BatchRules<TaskChunk> {
  const isCollected = wire.sink.kind === 'collect';
  const enough = speaksOfChunks(settings) ? 1 : TASK_BYTES;
  // Where nobody's functions take their time, what travels is all that a task costs.
  const isQuick = callsNothing(wire);
  return {
    weigh: bytesOf,
    isComplete({ items, weight }, next) {
      const first = items[0]!;
      if (isCollected && isBucket(first)) {
        // A bucket that holds something begins a task of its own, where the one before has enough.
        if (next === undefined || bytesOf(next) === 0) return false;
        return weight >= enough || (!isQuick && filled(items) >= pace.spanFrom(first.number));
      }
      return items.length >= pace.spanFrom(first.number) || weight >= TASK_BYTES;
    },
    patience: PATIENCE,
  };
}

/** The chunks of a stage, by their numbers. */
export function chunksOf({ wire, cuts }: CutStage, outputs: StageOutputs): Supply<TaskChunk> {
  let number = 0;
  const sources = supplyOf<TaskChunk['source']>(wire.branches.length, (branch) => {
    const { from } = wire.branches[branch]!;
    return 'shuffle' in from ? outputs.chunksOf(from.stage, from.shuffle) : cuts[branch]!.chunks;
  });
  return supplyEach(sources, ({ of, item }) => [{ number: number++, branch: of, source: item }]);
}

type TaskOf = Pick<TaskMessage, 'run' | 'stage'>;

function taskOfChunks(chunks: readonly TaskChunk[], of: TaskOf): TaskMessage {
  return { ...of, name: nameOf(of, chunks), chunks };
}

function taskOfExtents(held: readonly (readonly TaskChunk[])[], of: TaskOf): TaskMessage {
  const chunks = held.flat();
  const extents = held.map(({ length }) => length);
  return { ...of, name: nameOf(of, chunks), chunks, ...(extents.length > 1 && { extents }) };
}

export function nameOf({ stage }: TaskOf, [first]: readonly TaskChunk[]): string {
  return `${stage}-${first!.number}`;
}

/** So many chunks keep asynchronous calls under way for most of a task's time. */
export function leastSpan(concurrency: number, { chunkRecords = Infinity }: CutStage): number {
  return Math.ceil((4 * concurrency) / chunkRecords);
}

/** A task of a keyed verb reads so many bytes of files, where that leaves FEWEST_TASKS, which keep as many processors busy. */
const KEYED_BYTES = 8 * 2 ** 20;
const [FEWEST_TASKS, MOST_TASKS] = [20, 128];

/** What is known of a stage when its tasks are cut. */
type ExtentOf = Pick<CutStage, 'wire' | 'count' | 'chunkRecords' | 'chunkBytes'>;

/**
 * How many chunks of a branch an extent covers from one on: keyed results combine over it, and a writing task makes one part
 * of it. So it is a function of plan and input alone.
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

/** How many buckets there are that hold something. */
function filled(buckets: readonly TaskChunk[]): number {
  return buckets.filter((bucket) => bytesOf(bucket) > 0).length;
}

function isBucket({ source }: TaskChunk): boolean {
  return 'segments' in source;
}

/** Bytes that travel with a chunk, or that lie in its bucket. */
export function bytesOf({ source }: TaskChunk): number {
  if ('segments' in source) return source.segments.reduce((sum, { length }) => sum + length, 0);
  return 'bytes' in source ? (source.bytes ?? 0) : 0;
}

/**
 * How tasks may be cut by what chunks turn out to take: where no option speaks of single chunks, and the answer is the same
 * however they are cut. A fold follows the run's tree. Records are collected in order. Counts are exact, and the first of
 * equals is the first in input order; but what a user's function makes of two sums may depend on where they were cut, and so
 * a task takes whole extents there.
 */
function strideOf(sink: Sink<number>, settings: Settings): Stride | undefined {
  if (speaksOfChunks(settings)) return undefined;
  switch (sink.kind) {
    case 'count':
    case 'reduce':
    case 'aggregate':
      return foldStride;
    case 'shuffle':
      return isCounted(sink.shuffle) ? combineStride : extentStride;
    case 'collect':
      // What is to end early reads no further than it must.
      return sink.limit === undefined ? collectStride : undefined;
    case 'write':
      return undefined;
  }
}

/**
 * Whether a keyed verb gives the same whatever chunks it has combined: counts are exact, the first of equals is the first in
 * input order, and records of one range are sorted in the order of their input.
 */
export function combinesAnyhow(sink: Sink<number>): boolean {
  if (sink.kind !== 'shuffle') return false;
  return isCounted(sink.shuffle) || (sink.shuffle.kind === 'sort' && sink.partitions === 1);
}

function isCounted({ kind }: Shuffle<number>): boolean {
  return kind === 'count' || kind === 'distinct';
}

/** Who chooses the size of chunks may want to follow them one by one. */
export function speaksOfSize({ chunkSize, chunkBytes }: Settings): boolean {
  return (chunkSize ?? chunkBytes) !== undefined;
}

/** Whether an option speaks of single chunks. */
export function speaksOfChunks({
  timeout,
  tasksPerProcess,
  checkpoint,
  bufferSize,
  pool,
}: Settings): boolean {
  return (timeout ?? (pool ?? { tasksPerProcess }).tasksPerProcess ?? checkpoint ?? bufferSize) !== undefined;
}
