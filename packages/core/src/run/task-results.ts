import type { Journal } from '../checkpoint/journal.js';
import type { Settings } from '../options/settings.js';
import type { PlanPace } from '../pool/paces.js';
import type { TaskDone } from '../protocol/reply.js';
import type { TaskChunk } from '../protocol/task-message.js';
import type { TaskResult } from '../protocol/task-result.js';
import type { Books } from './books.js';
import type { CutPass, CutStage } from './cut-plan.js';
import { tasksOfPass } from './pass-tasks.js';
import { schedule, type Schedule } from './scheduler.js';
import type { StageOutputs } from './stage-outputs.js';
import { remember, StageSeconds } from './stage-seconds.js';
import { supplyEach, supplyOf, type Supply } from './supply.js';
import type { TaskRunner } from './task-runner.js';
import { chunksOf } from './tasks.js';
import { wholeStage } from './whole-stage.js';

/** What the stages of a run share. */
export interface RunShared {
  readonly settings: Settings;
  readonly books: Books;
  readonly runner: TaskRunner;
  readonly journal: Journal | undefined;
  readonly outputs: StageOutputs;
  /** How many stages there are. */
  readonly count: number;
  readonly ends: readonly CutStage[];
  readonly passes: readonly CutPass[];
  /** How long records took before, where stages may be done as a whole. */
  readonly pace: PlanPace | undefined;
  /** What a task has done of the stage after its own, until it is the turn of that one. */
  readonly ahead: Map<CutPass, TaskDone>;
  /** How many records each stage has given so far. */
  readonly emitted: Map<number, number>;
}

/** How the tasks of a pass are to be run, whichever they are. */
interface PassSchedule extends Omit<Schedule, 'tasks' | 'mayPause'> {
  /** Whether tasks of a stage may hand over a part of their records before their end. */
  readonly mayPause: (stage: CutStage) => boolean;
}

/** The results of the tasks of a pass. The first may be of all, or of the first chunks of what a task of the whole was to do. */
export async function* taskResults(
  pass: CutPass,
  shared: RunShared,
  how: PassSchedule,
): AsyncGenerator<TaskResult, void, undefined> {
  const { runner, settings, pace: remembered } = shared;
  const [host] = pass.stages as readonly [CutStage];
  const seen = new StageSeconds();
  const { first, rest } = doneAhead(pass, shared) ?? (await wholeResult(pass, shared, how)) ?? {};
  if (first !== undefined) yield seen.add(first);
  if (first === undefined || first.chunks < host.count!) {
    const chunks = rest ?? chunksOf(host, shared.outputs);
    const { tasks, pace } = tasksOfPass(runner.run, pass, chunks, settings);
    for await (const result of schedule({ ...how, tasks, mayPause: how.mayPause(host) })) {
      pace.observe(result);
      yield seen.add(result);
    }
  }
  if (remembered !== undefined) remember(host, seen, remembered, shared.emitted);
}

/** What there is of a stage, and the chunks that it does not cover. */
interface Begun {
  readonly first: TaskResult;
  readonly rest: Supply<TaskChunk>;
}

/** What the task of the stage before has done. */
function doneAhead(pass: CutPass, shared: RunShared): Begun | undefined {
  const done = shared.ahead.get(pass);
  if (done === undefined) return undefined;
  const [host] = pass.stages as readonly [CutStage];
  const { ok: _, covered = host.count!, ...result } = done;
  keepAhead(done, pass, shared);
  const chunks = chunksOf(host, shared.outputs);
  const rest = supplyEach(chunks, (chunk) => (chunk.number < covered ? [] : [chunk]));
  return { first: { ...result, chunks: covered }, rest };
}

/** What the one task of a stage does that is likely to be quick. */
async function wholeResult(pass: CutPass, shared: RunShared, how: PassSchedule): Promise<Begun | undefined> {
  const { runner, passes, pace } = shared;
  if (pace === undefined) return undefined;
  const task = wholeStage(runner.run, passes.slice(passes.indexOf(pass)), pace, how.mayPause);
  if (task === undefined) return undefined;
  let first: TaskResult | undefined;
  for await (const result of schedule({ ...how, tasks: listed([task]), mayPause: false })) first = result;
  keepAhead(first!, pass, shared);
  return { first: first!, rest: listed(task.chunks.slice(first!.chunks)) };
}

/** Keeps what a task has done besides of the pass after its own. */
function keepAhead({ nextStage }: TaskDone | TaskResult, pass: CutPass, { passes, ahead }: RunShared): void {
  if (nextStage !== undefined) ahead.set(passes[passes.indexOf(pass) + 1]!, nextStage);
}

function listed<T>(items: readonly T[]): Supply<T> {
  return supplyEach(
    supplyOf(1, () => items),
    ({ item }) => [item],
  );
}
