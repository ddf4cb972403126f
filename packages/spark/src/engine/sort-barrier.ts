import {
  decode,
  StageOutputs,
  type CutPlan,
  type CutStage,
  type MapOutput,
  type Segment,
  type TaskChunk,
  type TaskMessage,
} from '@forkfold/core/engine';
import type { ShippedInput } from '../ship/run-file.js';
import { blockRow } from '../runner/stage-rows.js';
import { packOrder } from '../sql/row-order.js';
import type { SqlRange } from '../sql/stages-query.js';
import { spreadOver, tasksOver, widestSpan } from './lay-out.js';

/** The sorted runs of a stage, whose rows Spark keeps as a table. */
export interface SortedRuns {
  readonly stage: number;
  /** What its tasks have told, by their numbers. */
  readonly outputs: ReadonlyMap<number, MapOutput>;
}

/** A sort as the stages that read it see it. */
export interface PlannedSort {
  /** Which rows of the table belong to which range. */
  readonly ranges: readonly SqlRange[];
  /** The tasks of a stage that read the ranges by one of its branches. */
  tasksOf(stage: CutStage, input: ShippedInput): TaskMessage[];
}

/** Cuts the runs into ranges of keys, as the local engine does. */
export function planRanges(
  { stage, outputs }: SortedRuns,
  {
    cut,
    inputs,
    lanes,
  }: { readonly cut: CutPlan; readonly inputs: readonly ShippedInput[]; readonly lanes: number },
): PlannedSort {
  const { sink } = cut.stages[stage]!.wire;
  if (sink.kind !== 'shuffle') throw new RangeError(`Stage ${stage} sorts nothing`);
  const known = new StageOutputs(cut.plan.stages);
  /** Where the blocks of a run begin, and the last one ends, in bytes as its task has told them. */
  const ends = new Map<string, readonly number[]>();
  for (const [task, output] of [...outputs].sort(([a], [b]) => a - b)) {
    // A name instead of the bytes: by it a slice of a segment is found among the rows.
    const segments = output.segments.map((segment, run): Segment => {
      const file = `${task} ${run}`;
      ends.set(file, sums(output.samples![run]!.lengths));
      return { ...segment, file, offset: 0 };
    });
    known.add(stage, { ...output, segments });
  }
  const chunks = known.chunksOf(stage, sink.shuffle);
  const span = widestSpan(stage, inputs);
  const keys = spreadOver({ count: chunks.length, span, lanes });

  const ranges = chunks.flatMap((chunk, range): SqlRange[] => {
    if (chunk.kind !== 'sorted') return [];
    return chunk.partition.slices.map(({ run, segment }) => {
      const [task, own] = segment.file!.split(' ').map(Number) as [number, number];
      const { from, to } = blocksOf(segment, ends.get(segment.file!)!);
      const at = (block: number): bigint =>
        packOrder({ stage, bucket: own, task: 0, piece: blockRow(block) });
      return {
        task,
        low: at(from),
        high: at(to),
        key: keys[range]!,
        order: packOrder({ stage, bucket: range, task: run, piece: 0 }),
      };
    });
  });

  const sources = chunks.map((chunk) => inBlocks(chunk, ends));
  return {
    ranges,
    tasksOf(reader, { branch, first }) {
      return tasksOver(
        reader,
        sources.map((source, i): TaskChunk => ({ number: first + i, branch, source })),
      );
    },
  };
}

/** Executors count blocks until they have the bytes. */
function inBlocks(
  chunk: ReturnType<StageOutputs['chunksOf']>[number],
  ends: ReadonlyMap<string, readonly number[]>,
): TaskChunk['source'] {
  if (chunk.kind !== 'sorted') return chunk;
  const { partition } = chunk;
  const slices = partition.slices.map(({ run, segment: { bucket, entries, ...place } }) => {
    const { from, to } = blocksOf(place, ends.get(place.file!)!);
    return { run, segment: { bucket, entries, length: to - from } };
  });
  return { ...chunk, partition: { ...partition, slices } };
}

/** Which blocks of a run a slice of it holds. */
function blocksOf(
  { offset = 0, length }: Pick<Segment, 'offset' | 'length'>,
  ends: readonly number[],
): { from: number; to: number } {
  return { from: ends.indexOf(offset), to: ends.indexOf(offset + length) };
}

/** Where blocks of such lengths begin, and the last one ends. */
function sums(lengths: readonly number[]): number[] {
  const ends = [0];
  for (const length of lengths) ends.push(ends.at(-1)! + length);
  return ends;
}

export function decodeRuns(bytes: Uint8Array): MapOutput {
  return decode(bytes) as MapOutput;
}
