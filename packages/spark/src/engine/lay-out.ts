import {
  fixedSpan,
  type CutPlan,
  type CutStage,
  type TaskChunk,
  type TaskMessage,
} from '@forkfold/core/engine';
import type { ShippedInput, ShippedStage } from '../ship/run-file.js';
import { laneKeys } from '../sql/lane-keys.js';

/** How the work of a run is spread over a cluster. */
export interface Layout {
  /** Over how many partitions each shuffle is spread. */
  readonly lanes: number;
  /** Over how many processes the tasks that read sources are. */
  readonly processes: number;
  readonly stages: readonly StageLayout[];
}

export interface StageLayout {
  readonly stage: CutStage;
  /** Tasks that read sources, in the order of their chunks. */
  readonly tasks: readonly TaskMessage[];
  readonly shipped: ShippedStage;
}

/** A process starts in a fifth of a second, so it gets work for a few: about so many bytes of input. */
const PROCESS_BYTES = 128 * 2 ** 20;

/** @param cores How many tasks the cluster runs at once. */
export async function layOut(cut: CutPlan, cores: number): Promise<Layout> {
  const bytes = cut.stages.flatMap(({ cuts }) => cuts).reduce((sum, own) => sum + (own?.bytes ?? 0), 0);
  const lanes = cores * Math.max(1, Math.ceil(bytes / (cores * PROCESS_BYTES)));
  const read = cut.stages.map((stage) => inputsOf(stage, cut));
  const stages: StageLayout[] = [];
  for (const stage of cut.stages) {
    const firsts = firstsOf(stage, cut);
    const shipped = { keys: keysOf(stage, read.flat(), lanes), inputs: read[stage.number]!, firsts };
    stages.push({ stage, tasks: await sourceTasks(stage, firsts), shipped });
  }
  return { lanes, processes: lanes, stages };
}

/** The numbers of the stages whose shuffles a stage reads, each once. */
export function stagesReadBy({ wire }: CutStage): number[] {
  return [...new Set(wire.branches.flatMap(({ from }) => ('stage' in from ? [from.stage] : [])))];
}

/** How many neighbouring chunks a task covers: more than one only where that is a function of the plan. */
export function spanOf(stage: CutStage): number {
  const { kind } = stage.wire.sink;
  return kind === 'shuffle' || kind === 'write' ? fixedSpan(stage, 0) : 1;
}

/** The tasks that cover some chunks of one branch. */
export function tasksOver(stage: CutStage, chunks: readonly TaskChunk[]): TaskMessage[] {
  const tasks: TaskMessage[] = [];
  const span = spanOf(stage);
  for (let at = 0; at < chunks.length; at += span) {
    const held = chunks.slice(at, at + span);
    const name = `${stage.number}-${held[0]!.number}`;
    tasks.push({ run: 'run', stage: stage.number, name, chunks: held });
  }
  return tasks;
}

/** The number of each branch's first chunk. */
function firstsOf({ wire, cuts }: CutStage, cut: CutPlan): number[] {
  let next = 0;
  return wire.branches.map(({ from }, branch) => {
    const first = next;
    next += 'stage' in from ? bucketsOf(cut.stages[from.stage]!) : (cuts[branch]!.count ?? 0);
    return first;
  });
}

async function sourceTasks(stage: CutStage, firsts: readonly number[]): Promise<TaskMessage[]> {
  const tasks: TaskMessage[] = [];
  for (const [branch, cut] of stage.cuts.entries()) {
    if (cut === undefined) continue;
    const chunks: TaskChunk[] = [];
    for await (const source of cut.chunks) {
      chunks.push({ number: firsts[branch]! + chunks.length, branch, source });
    }
    tasks.push(...tasksOver(stage, chunks));
  }
  return tasks;
}

function inputsOf(stage: CutStage, cut: CutPlan): ShippedInput[] {
  const firsts = firstsOf(stage, cut);
  return stage.wire.branches.flatMap(({ from }, branch): ShippedInput[] => {
    if (!('stage' in from)) return [];
    const buckets = bucketsOf(cut.stages[from.stage]!);
    return [{ branch, from: from.stage, first: firsts[branch]!, buckets, span: spanOf(stage) }];
  });
}

function bucketsOf({ wire: { sink } }: CutStage): number {
  return sink.kind === 'shuffle' ? sink.partitions : 0;
}

/**
 * Neighbouring buckets share a lane, and so do all that one task reads, in any stage. So lanes in their order hold the buckets in
 * theirs.
 */
function keysOf(stage: CutStage, inputs: readonly ShippedInput[], lanes: number): number[] {
  const { sink } = stage.wire;
  if (sink.kind !== 'shuffle' || sink.shuffle.kind === 'sort') return [];
  const span = widestSpan(stage.number, inputs);
  return spreadOver({ count: sink.partitions, span, lanes });
}

/** The widest of the tasks that read a stage; the others' spans are parts of it, since all are powers of two. */
export function widestSpan(from: number, inputs: readonly ShippedInput[]): number {
  return Math.max(1, ...inputs.filter((input) => input.from === from).map(({ span }) => span));
}

/** For each of so many neighbours the key of its lane, as even as groups of `span` allow. */
export function spreadOver(given: {
  readonly count: number;
  readonly span: number;
  readonly lanes: number;
}): number[] {
  const { count, span, lanes } = given;
  const keys = laneKeys(lanes);
  const groups = Math.ceil(count / span);
  return Array.from({ length: count }, (_, i) => keys[Math.floor((Math.floor(i / span) * lanes) / groups)]!);
}
