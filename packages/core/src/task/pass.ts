import type { CompiledPlan } from '../plan/compiled-plan.js';
import { traitsOf, type Op } from '../plan/verbs.js';
import type { PassResult, Skipped } from '../protocol/reply.js';
import type { TaskChunk, TaskMessage, TaskOfPass } from '../protocol/task-message.js';
import { encode } from '../values/codec.js';
import { resultIndex } from './blame/result-index.js';
import { skipsOf, type Skips } from './blame/skips.js';
import { toFailure, type Suspects } from './blame/to-failure.js';
import { deferred, type Deferred } from './deferred-records.js';
import type { Answered, Ending } from './ending.js';
import { sinkOf } from './sinks/sink-of.js';
import { tailTree, type TailTree } from './tail-tree.js';
import { Tail } from './tail.js';
import type { TaskContext } from './task-context.js';
import { fuse, type LinkOp } from './verbs/chain.js';
import type { Receiver } from './verbs/walk.js';

/** A task that works for several stages in one pass over its chunks. It outlasts the attempts that `onError` restarts. */
export interface Pass {
  /** Opens the sinks of all stages. */
  open(context: TaskContext): Ending;
  restartsWithout(error: unknown): boolean;
  restart(): void;
  result(): Promise<Skipped>;
}

/** The pass of a task; undefined where it works for its own stage alone. */
export function passOf(
  task: TaskMessage,
  plan: CompiledPlan,
  { skips, blame }: Pick<TaskContext, 'skips' | 'blame'>,
  suspects: Suspects,
): Pass | undefined {
  const { pass } = task;
  if (pass === undefined) return undefined;
  // A record that one stage leaves out is still one of the others.
  const own = pass.map(({ stage }) => skips && skipsOf(skips.max, limitOf(plan, stage), blame));
  const all = skips === undefined ? [] : [skips, ...own.map((one) => one!)];
  let tails: readonly Tail[] = [];
  return {
    open(context) {
      tails = pass.map((one, i) => openTail({ task, plan, one, i, skips: own[i] }, context));
      return passEnding({ task, plan, tails, context, suspects });
    },
    restartsWithout(error) {
      const at = tails.findIndex(({ isUnderWay }) => isUnderWay);
      return (at < 0 ? skips : own[at])?.restartsWithout(error) ?? false;
    },
    restart: () => all.forEach((one) => one.restart()),
    async result() {
      const results: Skipped[] = [];
      for (const one of all) results.push(await one.result());
      const records = results.flatMap((one) => one.records).sort((a, b) => a.chunk - b.chunk);
      return { count: results.reduce((sum, { count }) => sum + count, 0), records };
    },
  };
}

function limitOf({ stages }: CompiledPlan, stage: number): number {
  const { sink } = stages[stage]!;
  return sink.kind === 'collect' ? (sink.limit ?? Infinity) : Infinity;
}

interface Opening {
  readonly task: TaskMessage;
  readonly plan: CompiledPlan;
  readonly one: TaskOfPass;
  readonly i: number;
  readonly skips: Skips | undefined;
}

function openTail({ task, plan, one, i, skips }: Opening, given: TaskContext): Tail {
  const { spill, partsByStage, parts } = given.place;
  const stage = plan.stages[one.stage]!;
  // Each stage has files of its own, and the first one tells what the pass has cost.
  const place = {
    ...given.place,
    spill: i === 0 ? spill : { ...spill, name: `${spill.name}-${i}` },
    parts: partsByStage?.[one.stage] ?? parts,
  };
  const context: TaskContext = {
    ...given,
    place,
    skips,
    early: undefined,
    ...(i > 0 && { usage: undefined }),
  };
  const index = resultIndex(task.chunks, stage, skips !== undefined);
  const sink = sinkOf(stage.sink, context, { index, extents: one.extents, spans: one.extents });
  return new Tail(sink, context, { isLimited: limitOf(plan, one.stage) < Infinity });
}

interface Opened {
  readonly task: TaskMessage;
  readonly plan: CompiledPlan;
  readonly tails: readonly Tail[];
  readonly context: TaskContext;
  readonly suspects: Suspects;
}

function passEnding({ task, plan, tails, context, suspects }: Opened): Ending {
  const pass = task.pass!;
  const [host] = pass;
  const opsOf = (
    branch: number,
    { stage, own }: TaskOfPass,
  ): readonly [readonly Op<number>[], readonly Op<number>[]] => {
    const { ops } = plan.stages[stage]!.branches[branch]!;
    return [ops.slice(0, ops.length - own), ops.slice(ops.length - own)];
  };
  // The verbs above the common input are the same in all branches.
  const tree = tailTree(pass.map((one, end) => ({ ops: opsOf(0, one)[1], end })));
  let held: Deferred[] = [];
  const fail = (tail: Tail, error: unknown): void => tail.fail(toFailure(error, suspects));
  return {
    isOneByOne: defers(tree.next),
    opsOf: (branch) => [...opsOf(branch, host!)[0], ...tree.ops],
    receiver(chunk) {
      held = [];
      return openTree({ ...tree, ops: [] }, { chunk, tails, context, held, fail });
    },
    rest: () => (held.length === 0 ? undefined : allOf(held)),
    endChunk: () => tails.forEach((tail) => tail.work(() => tail.sink.endChunk(), fail)),
    finish() {
      const results = tails.map((tail) => tail.finish(fail));
      const { emitted } = results[0]!;
      return { value: encode(results satisfies PassResult[], 'result'), emitted } satisfies Answered;
    },
    hasMore: false,
    abort: () => tails.forEach(({ sink }) => sink.abort()),
  };
}

/** Whether some verb needs all records of a chunk, or calls that are awaited. */
function defers(trees: readonly TailTree[]): boolean {
  return trees.some(({ ops, next }) => ops.some(takesRecords) || defers(next));
}

function takesRecords({ verb }: Op<number>): boolean {
  return traitsOf(verb).takes === 'records';
}

async function allOf(held: readonly Deferred[]): Promise<void> {
  for (const one of held) await one.run();
}

interface OpenedChunk extends Pick<Opened, 'tails' | 'context'> {
  readonly chunk: TaskChunk;
  /** What waits for the end of the chunk, in the order in which it must be done. */
  readonly held: Deferred[];
  fail(tail: Tail, error: unknown): void;
}

/** Where the records of a chunk go that come to a tree. */
function openTree(tree: TailTree, of: OpenedChunk): Receiver {
  const { ops, ends, next } = tree;
  const alone = next.length === 0 && ends.length === 1 ? of.tails[ends[0]!]! : undefined;
  // What a stage alone does is its own to leave out, and to fail at.
  const context = alone?.context ?? { ...of.context, early: undefined };
  const { number: seed, branch } = of.chunk;
  if (ops.some(takesRecords)) {
    const waiting = deferred({ ops, seed, branch }, context, alone && ((error) => of.fail(alone, error)));
    of.held.push(waiting);
    waiting.into = fanOut(tree, of);
    return waiting.receiver;
  }
  const into = fanOut(tree, of);
  if (ops.length === 0) return into;
  const { push, rest } = fuse({ ops: ops as readonly LinkOp[], seed, branch }, into, context);
  const through = (record: unknown): void => {
    push(record);
    while (rest.isPaused) rest.step('the plans of together part before it, which');
  };
  if (alone === undefined) return withPush(into, through);
  return withPush(into, (record) => alone.work(() => through(record), of.fail));
}

function withPush(into: Receiver, push: Receiver['push']): Receiver {
  return {
    isBounded: into.isBounded ?? true,
    get isFull() {
      return into.isFull;
    },
    push,
  };
}

function fanOut({ ends, next }: TailTree, of: OpenedChunk): Receiver {
  const all = [
    ...ends.map((end) => of.tails[end]!.receiver(of.fail)),
    ...next.map((tree) => openTree(tree, of)),
  ];
  const [one, other] = all;
  if (one !== undefined && other === undefined) return one;
  return {
    isBounded: all.every(({ isBounded }) => isBounded !== false),
    get isFull() {
      return all.every(({ isFull }) => isFull);
    },
    push(record) {
      for (const into of all) if (!into.isFull) into.push(record);
    },
  };
}
