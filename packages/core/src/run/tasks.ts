import type { Op, Shuffle, Sink } from '../plan/node.js';
import type { Settings } from '../options/run-options.js';
import { segmentsByBucket, type MapOutput } from '../blocks/segment.js';
import type { SourceChunk } from '../source/chunk.js';
import { planSort } from '../shuffle/sort/plan-sort.js';
import { partition } from '../source/source.js';
import type { BucketChunk, SortedChunk, TaskChunk, TaskMessage, WireStage } from '../protocol/messages.js';
import { earlyReturn } from './early-return.js';
import { combineStride, foldStride, paceOf, type Pace, type Stride } from './task-length.js';
import type { Stage } from '../plan/compile.js';

export interface PlannedTasks {
  /** The tasks of the stage, made as they are asked for; `run` is the path of the run description. */
  tasks(run: string): AsyncGenerator<TaskMessage, void, undefined>;
  /** Is told of results as they come. */
  readonly pace: Pace;
  /** Number of chunks, where it is known. */
  readonly count: number | undefined;
  /** Size of the input, where it is known. */
  readonly bytes: number | undefined;
  /** Returns the sources that are open and were not pulled to their end. Never rejects. */
  [Symbol.asyncDispose](): Promise<void>;
}

const singly: Pace = { runFrom: () => 1, observe: () => undefined };

interface Cut {
  readonly chunks: Iterable<SourceChunk | BucketChunk | SortedChunk> | AsyncIterable<SourceChunk>;
  readonly count: number | undefined;
  readonly bytes: number | undefined;
  readonly close?: () => Promise<unknown>;
}

/** Cuts the inputs of a stage into chunks, and its chunks into tasks. Missing files are found here. */
export async function planTasks(
  { inputs, wire }: Stage,
  outputs: readonly { partitions: number; maps: MapOutput[] }[],
  settings: Settings,
  stage: number,
): Promise<PlannedTasks> {
  const cut: Cut[] = [];
  const close = async (): Promise<void> => {
    for (const part of cut) await part.close?.().catch(() => undefined);
  };
  try {
    for (const [i, input] of inputs.entries()) {
      if ('source' in input) cut.push(await partition(input.source, settings));
      else {
        const { maps, partitions } = outputs[input.stage]!;
        const chunks = bucketsOf(maps, partitions, wire.branches[i]?.reads);
        cut.push({ chunks, count: chunks.length, bytes: maps.reduce((sum, { bytes }) => sum + bytes, 0) });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const count = total(cut.map((part) => part.count));
  const stride = count === undefined ? undefined : strideOf(wire.sink, settings);
  const pace = count === undefined || stride === undefined ? singly : paceOf(count, stride, settings);
  // Keyed results combine over a task, and it writes one part, so its extent must be a function of the input: see
  // promise 2 of the design.
  const isKeyed = wire.sink.kind === 'shuffle' || wire.sink.kind === 'write';
  const extent = (chunk: number): number => {
    if (!isKeyed || stride !== undefined) return pace.runFrom(chunk);
    // Doubles with the position: what the parent must know of the tasks grows slowly with an input of unknown length.
    if (count === undefined) return Math.min(256, 2 ** Math.max(0, Math.floor(Math.log2(chunk / 128))));
    return 2 ** Math.max(0, Math.ceil(Math.log2(count / 128)));
  };

  const early = earlyReturn();

  async function* chunks(): AsyncGenerator<TaskChunk> {
    let number = 0;
    for (const [branch, part] of cut.entries()) {
      for await (const source of early.watch<SourceChunk | BucketChunk | SortedChunk>(part.chunks))
        yield { number: number++, branch, source };
    }
  }

  async function* tasks(run: string): AsyncGenerator<TaskMessage, void, undefined> {
    let held: TaskChunk[] = [];
    let length = 0;
    const toTask = (): TaskMessage => ({ run, stage, name: `${stage}-${held[0]!.number}`, chunks: held });
    for await (const chunk of chunks()) {
      if (held.length === 0) length = extent(chunk.number);
      held.push(chunk);
      if (held.length < length) continue;
      yield toTask();
      held = [];
    }
    if (held.length > 0) yield toTask();
  }

  const bytes = total(cut.map((part) => part.bytes));
  return { tasks: (run) => early.guard(tasks(run)), pace, count, bytes, [Symbol.asyncDispose]: close };
}

/**
 * How tasks may be cut by what chunks turn out to take: where no option speaks of single chunks, and the answer is the same
 * however they are cut. A fold follows the run's tree. Counts are exact, and the first of equals is the first in input
 * order; but what a user's function makes of two sums may depend on where they were cut.
 */
function strideOf(
  sink: Sink<number>,
  { timeout, tasksPerProcess, checkpoint }: Settings,
): Stride | undefined {
  if ((timeout ?? tasksPerProcess ?? checkpoint) !== undefined) return undefined;
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

/** A record may become many by these verbs. */
const expanding: ReadonlySet<Op<number>['verb']> = new Set([
  'flatMap',
  'mapReduce.map',
  'mapPartitions',
  'join',
]);

/** Buckets of a shuffle: a function of the plan and the input's size, so that results come in the same order everywhere. */
export function partitionCount({ branches, sink }: WireStage, bytes: number | undefined): number {
  const mayExpand = branches.some(({ ops }) => ops.some(({ verb }) => expanding.has(verb)));
  const least = mayExpand || bytes === undefined ? 16 : 1;
  const most = Math.min(256, Math.max(least, Math.ceil((bytes ?? 0) / 2 ** 21)));
  // A range of a sort is merged as it is read and need not fit in memory; many ranges would read most blocks twice.
  return sink.kind === 'shuffle' && sink.shuffle.kind === 'sort' ? Math.ceil(most / 4) : most;
}

/** The reduce side of a shuffle: buckets by number, or ranges of keys in their order. */
function bucketsOf(
  maps: readonly MapOutput[],
  partitions: number,
  shuffle: Shuffle<number> | undefined,
): (BucketChunk | SortedChunk)[] {
  if (shuffle?.kind === 'sort') {
    return planSort(maps, partitions, shuffle).map((range) => ({ kind: 'sorted', partition: range }));
  }
  const filled = segmentsByBucket(maps, partitions).filter((segments) => segments.length > 0);
  return filled.map((segments) => ({ kind: 'bucket', segments }));
}

function total(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.reduce((sum, n) => (sum === undefined || n === undefined ? undefined : sum + n), 0);
}
