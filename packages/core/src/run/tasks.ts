import type { Settings } from '../options/settings.js';
import type { Sink } from '../plan/node.js';
import type { BucketChunk, SortedChunk, TaskChunk, TaskMessage } from '../protocol/task-message.js';
import type { SourceChunk } from '../source/source.js';
import type { CutStage } from './cut-plan.js';
import { earlyReturn } from './early-return.js';
import type { StageOutputs } from './stage-outputs.js';
import { combineStride, foldStride, paceOf, type Pace, type Stride } from './task-length.js';

/** The tasks of a stage. */
export interface StageTasks {
  /** Made as they are asked for. */
  readonly tasks: AsyncGenerator<TaskMessage, void, undefined>;
  /** Is told of results as they come. */
  readonly pace: Pace;
}

const singly: Pace = { spanFrom: () => 1, observe: () => undefined };

/** Neighbouring buckets are read by one task until they have so many bytes. */
const BUCKETS_BYTES = 2 * 2 ** 20;

/** Cuts the chunks of a stage into tasks of the run that children know by the name `run`. */
export function tasksOf(run: string, stage: CutStage, outputs: StageOutputs, settings: Settings): StageTasks {
  const { number: stageNumber, wire, count } = stage;
  const stride = count === undefined ? undefined : strideOf(wire.sink, settings);
  const pace = count === undefined || stride === undefined ? singly : paceOf(count, stride, settings);
  const isCollected = wire.sink.kind === 'collect';
  const enough = speaksOfChunks(settings) ? 1 : BUCKETS_BYTES;
  const isFixed = stride === undefined && (wire.sink.kind === 'shuffle' || wire.sink.kind === 'write');
  const early = earlyReturn();

  /** How many chunks the task covers that begins with this one. */
  const spanFrom = (chunk: number): number => (isFixed ? fixedSpan(count, chunk) : pace.spanFrom(chunk));

  async function* chunks(): AsyncGenerator<TaskChunk> {
    let number = 0;
    for (const [branch, { from }] of wire.branches.entries()) {
      const given =
        'shuffle' in from ? outputs.chunksOf(from.stage, from.shuffle) : stage.cuts[branch]!.chunks;
      for await (const source of early.watch<TaskChunk['source']>(given)) {
        yield { number: number++, branch, source };
      }
    }
  }

  async function* tasks(): AsyncGenerator<TaskMessage, void, undefined> {
    let held: TaskChunk[] = [];
    let [length, bytes] = [0, 0];
    const toTask = (): TaskMessage => {
      const made = { run, stage: stageNumber, name: `${stageNumber}-${held[0]!.number}`, chunks: held };
      held = [];
      bytes = 0;
      return made;
    };
    for await (const chunk of chunks()) {
      const size = isCollected ? bucketBytes(chunk.source) : undefined;
      // Where extents matter, those of one branch do not depend on what another one has.
      if (isFixed && held.length > 0 && held[0]!.branch !== chunk.branch) yield toTask();
      // A bucket that holds something begins a task of its own, where the one before has enough.
      if (size !== undefined && size > 0 && bytes >= enough) yield toTask();
      if (held.length === 0) length = spanFrom(chunk.number);
      held.push(chunk);
      bytes += size ?? 0;
      if (size === undefined && held.length >= length) yield toTask();
    }
    if (held.length > 0) yield toTask();
  }

  return { tasks: early.guard(tasks()), pace };
}

/**
 * How many chunks of a branch a task covers from one on, where its extent matters: keyed results combine over a task, and it
 * writes one part. So the extent is a function of the input alone.
 *
 * @param count Chunks of the stage, where that is known.
 */
export function fixedSpan(count: number | undefined, chunk: number): number {
  if (count !== undefined) return 2 ** Math.max(0, Math.ceil(Math.log2(count / 128)));
  // The span doubles with the position: what the parent must know of the tasks grows slowly with an input of unknown length.
  return Math.min(256, 2 ** Math.max(0, Math.floor(Math.log2(chunk / 128))));
}

/** The bytes of a bucket; undefined of any other chunk. */
function bucketBytes(source: SourceChunk | BucketChunk | SortedChunk): number | undefined {
  if (!('segments' in source)) return undefined;
  return source.segments.reduce((sum, { length }) => sum + length, 0);
}

/**
 * How tasks may be cut by what chunks turn out to take: where no option speaks of single chunks, and the answer is the same
 * however they are cut. A fold follows the run's tree. Counts are exact, and the first of equals is the first in input
 * order; but what a user's function makes of two sums may depend on where they were cut.
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
    case 'write':
      return undefined;
  }
}

/** Whether an option speaks of single chunks. */
function speaksOfChunks({ timeout, tasksPerProcess, checkpoint }: Settings): boolean {
  return (timeout ?? tasksPerProcess ?? checkpoint) !== undefined;
}
