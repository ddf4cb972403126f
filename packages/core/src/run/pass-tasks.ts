import type { Settings } from '../options/settings.js';
import { concurrencyOf } from '../plan/compiled-plan.js';
import type { TaskChunk, TaskMessage, TaskOfPass } from '../protocol/task-message.js';
import { alignedSpans } from './aligned-spans.js';
import type { CutPass, CutStage } from './cut-plan.js';
import { patientBatches, type BatchRules } from './patient-batches.js';
import { supplyEach, type Supply } from './supply.js';
import { extentStride, paceOf } from './task-length.js';
import {
  fixedSpan,
  leastSpan,
  nameOf,
  singly,
  spanRules,
  speaksOfChunks,
  tasksOf,
  type StageTasks,
} from './tasks.js';

/** Cuts chunks that the stages of a pass have in common into tasks. */
export function tasksOfPass(
  run: string,
  { stages, shared }: CutPass,
  chunks: Supply<TaskChunk>,
  settings: Settings,
): StageTasks {
  const [host] = stages;
  if (shared === undefined) return tasksOf(run, host!, chunks, settings);
  const isLimited = mayEndEarly(stages);
  const least = Math.max(...stages.map((stage) => leastSpan(concurrencyOf(stage.wire) ?? 0, stage)));
  const isSingle = isLimited || speaksOfChunks(settings);
  const pace = isSingle ? singly : paceOf(host!.count ?? Infinity, extentStride, settings, least);
  const extents = patientBatches(chunks, commonExtents(stages));
  const batches = patientBatches(extents, spanRules(pace));
  return { tasks: supplyEach(batches, (held) => [taskOf(run, { stages, shared }, held)]), pace };
}

/** Whether the consumer may end a pass before its last task: whether each of its stages gathers so many records. */
export function mayEndEarly(stages: readonly CutStage[]): boolean {
  return stages.every(({ isLast, wire }) => isLast && 'limit' in wire.sink);
}

/** Where every stage has an extent that ends, so does one of the pass: each combines the chunks that it would combine alone. */
function commonExtents(stages: readonly CutStage[]): BatchRules<TaskChunk> {
  const fixed = stages.filter(isExtentFixed);
  /** For each stage, the chunk after the extent that goes on. */
  let ends: number[] = [];
  return {
    weigh: () => 0,
    isComplete({ items }, next) {
      const first = items[0]!;
      const last = items.at(-1)!;
      if (next !== undefined) return first.branch !== next.branch;
      if (items.length === 1) ends = fixed.map(() => first.number);
      ends = ends.map((end, i) => (end > last.number ? end : end + fixedSpan(fixed[i]!, end)));
      return ends.every((end) => end === last.number + 1);
    },
    patience: Infinity,
  };
}

/** Whether what a stage gives depends on which chunks it combines, or writes to one part. */
function isExtentFixed({ wire: { sink } }: CutStage): boolean {
  return sink.kind === 'write' || sink.kind === 'shuffle';
}

function taskOf(
  run: string,
  { stages, shared }: Required<CutPass>,
  held: readonly (readonly TaskChunk[])[],
): TaskMessage {
  const [{ number: stage }] = stages as readonly [CutStage];
  const chunks = held.flat();
  const pass = stages.map((one, i): TaskOfPass => {
    const extents = extentsOf(one, held);
    return { ...shared[i]!, ...(extents && { extents }) };
  });
  return { run, stage, name: nameOf({ run, stage }, chunks), chunks, pass };
}

/** How many chunks of a task belong to each extent of a stage, or to each subtree of what it folds. */
function extentsOf(stage: CutStage, held: readonly (readonly TaskChunk[])[]): readonly number[] | undefined {
  const { kind } = stage.wire.sink;
  if (kind === 'collect') return undefined;
  if (!isExtentFixed(stage)) return alignedSpans(held.flat()).map(({ length }) => length);
  const extents = held.flatMap((common) => {
    const lengths: number[] = [];
    for (let at = 0; at < common.length; at += lengths.at(-1)!) {
      lengths.push(Math.min(common.length - at, fixedSpan(stage, common[at]!.number)));
    }
    return lengths;
  });
  return extents.length > 1 ? extents : undefined;
}
