import type { WireStage } from '../plan/compiled-plan.js';
import type { PlanPace } from '../pool/paces.js';
import type { NextStage, TaskChunk, TaskMessage } from '../protocol/task-message.js';
import type { CutPass, CutStage } from './cut-plan.js';
import { callsNothing, OWN_SECONDS } from './own-seconds.js';
import { bytesOf, combinesAnyhow, fixedSpan, nameOf } from './tasks.js';

/** A stage that is likely to take no longer, in seconds, is one task: to part it would cost about as long. */
const MOST_SECONDS = 0.006;
/** In seconds. A task that takes longer against all expectation leaves the rest to others, so that a slow list is still parted. */
const BUDGET = 0.02;
/** More records, or bytes of them, are parted. */
const [MOST_RECORDS, MOST_BYTES] = [4096, 2 ** 19];

type MayPause = (stage: CutStage) => boolean;

/**
 * The one task of a stage that was quick when the pool ran its plan last, or that calls none of the user's functions;
 * undefined for any other stage. The child goes on with the stages after it as long as that holds for them, too: so a small
 * run on a warm pool is one message there and one back.
 *
 * @param passes Of the run, from the one of this stage on.
 * @param mayPause Of which stages records are taken as they come: a record may give others without end.
 */
export function wholeStage(
  run: string,
  passes: readonly CutPass[],
  pace: PlanPace,
  mayPause: MayPause,
): TaskMessage | undefined {
  const stage = aloneIn(passes[0]!, mayPause);
  const { count, chunkRecords = Infinity, cuts = [] } = stage ?? {};
  // A branch that reads a stage has no cut.
  const [cut] = cuts;
  if (stage === undefined || cut === undefined || cuts.length > 1 || !count) return undefined;
  const records = count * chunkRecords;
  const isFew = records <= MOST_RECORDS && records * (secondsOf(stage, pace) ?? Infinity) <= MOST_SECONDS;
  if (!isFew || !(Symbol.iterator in cut.chunks)) return undefined;
  const chunks = [...cut.chunks].map((source, number): TaskChunk => ({ number, branch: 0, source }));
  if (chunks.reduce((sum, chunk) => sum + bytesOf(chunk), 0) > MOST_BYTES) return undefined;
  const of = { run, stage: stage.number };
  const nextStage = stageAfter(passes, pace, mayPause);
  return {
    ...of,
    name: nameOf(of, chunks),
    chunks,
    ...endsOf(stage, count),
    ...(nextStage && { nextStage }),
  };
}

/** The stage after the first of these passes, where it reads what that one gives, and nothing else does. */
function stageAfter(
  [pass, ...after]: readonly CutPass[],
  pace: PlanPace,
  mayPause: MayPause,
): NextStage | undefined {
  const [before] = pass!.stages;
  const stage = after[0] && aloneIn(after[0], mayPause);
  if (stage === undefined || stage.count === undefined) return undefined;
  const readers = after.flatMap(({ stages }) => stages.flatMap(({ wire }) => wire.branches));
  const isOnly = readers.filter(({ from }) => 'stage' in from && from.stage === before!.number).length === 1;
  const [{ from }, other] = stage.wire.branches as readonly [WireStage['branches'][number], unknown?];
  const seconds = secondsOf(stage, pace);
  if (!isOnly || !('stage' in from) || from.stage !== before!.number || other !== undefined) return undefined;
  if (seconds === undefined) return undefined;
  const mostRecords = Math.min(MOST_RECORDS, MOST_SECONDS / seconds);
  const nextStage = stageAfter(after, pace, mayPause);
  return { stage: stage.number, mostRecords, ...endsOf(stage, stage.count), ...(nextStage && { nextStage }) };
}

/** The stage of a pass, where it is alone, writes no parts, and need neither end early nor pause. */
function aloneIn({ stages, shared }: CutPass, mayPause: MayPause): CutStage | undefined {
  const [stage] = stages;
  if (shared !== undefined || mayPause(stage!)) return undefined;
  const { sink } = stage!.wire;
  return sink.kind === 'write' || 'limit' in sink ? undefined : stage;
}

function secondsOf(stage: CutStage, pace: PlanPace): number | undefined {
  return pace.get(stage.number) ?? (callsNothing(stage.wire) ? OWN_SECONDS : undefined);
}

/**
 * Where a task of a stage may end before its time is over: after any chunk; where an extent does; of a fold, after as many chunks
 * as make a subtree of the run's tree, each twice the one before.
 */
function endsOf(stage: CutStage, count: number): Pick<TaskMessage, 'budget' | 'extents'> {
  const { sink } = stage.wire;
  if (sink.kind === 'collect' || combinesAnyhow(sink)) return { budget: BUDGET };
  const extents: number[] = [];
  for (let at = 0; at < count; at += extents.at(-1)!) {
    const length = sink.kind === 'shuffle' ? fixedSpan(stage, at) : Math.max(1, at);
    extents.push(Math.min(count - at, length));
  }
  return extents.length > 1 ? { budget: BUDGET, extents } : {};
}
