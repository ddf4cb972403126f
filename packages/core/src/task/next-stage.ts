import type { MapOutput } from '../blocks/segment.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import type { TaskDone, TaskFailed } from '../protocol/reply.js';
import type { TaskChunk, TaskMessage } from '../protocol/task-message.js';
import { decode, encode } from '../values/codec.js';
import { reduceChunks } from './reduce-chunks.js';
import type { TaskPlace } from './task-context.js';

/** What the task before has left once the next stage is done. */
const nothing: MapOutput = { segments: [], entries: 0, bytes: 0, spilledBytes: 0 };

/**
 * Goes on with the stage after a task that has done all of its own, where it is to, and adds to its answer what comes of that.
 * What fails there fails again in a task of its own, which says why.
 *
 * @param answer Runs a task of the same run.
 */
export async function goOn(
  task: TaskMessage,
  done: TaskDone,
  { plan, place }: { readonly plan: CompiledPlan; readonly place: TaskPlace },
  answer: (task: TaskMessage, place: TaskPlace) => Promise<TaskDone | TaskFailed>,
): Promise<TaskDone> {
  const after = nextTask(task, done, plan);
  if (after === undefined) return done;
  const name = `${place.spill.name}-next`;
  const nextStage = await answer(after, { ...place, spill: { ...place.spill, name } });
  if (!nextStage.ok) return done;
  const value = nextStage.covered === undefined ? encode(nothing, 'result') : done.value;
  return { ...done, value, nextStage };
}

/** Undefined where the next stage is better parted: there is more to do than was thought, or some of it is on the disk. */
function nextTask(
  { run, name, stage, nextStage, selection, chunks: { length } }: TaskMessage,
  { value, emitted, covered = length }: TaskDone,
  { stages }: CompiledPlan,
): TaskMessage | undefined {
  const { sink } = stages[stage]!;
  if (nextStage === undefined || selection !== undefined || covered < length) return undefined;
  if (sink.kind !== 'shuffle' || !ArrayBuffer.isView(value)) return undefined;
  const output = decode(value) as MapOutput;
  if (output.spilledBytes > 0 || emitted.records > nextStage.mostRecords) return undefined;
  const { mostRecords: _, ...own } = nextStage;
  const { from } = stages[own.stage]!.branches[0]!;
  if (!('shuffle' in from)) return undefined;
  const sources = reduceChunks([output], sink.partitions, from.shuffle);
  const chunks = sources.map((source, number): TaskChunk => ({ number, branch: 0, source }));
  return { run, name: `${name}-next`, chunks, ...own };
}
