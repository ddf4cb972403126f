import { BalancedFold } from '../fold/balanced-fold.js';
import type { PartialResult } from '../fold/partial-result.js';
import type { Sink } from '../plan/node.js';
import { decode, encode } from '../values/codec.js';
import type { FoldRequest, SpanFold } from '../protocol/task-message.js';
import { withRetries } from './retry.js';
import type { TaskRunner } from './task-runner.js';
import type { CancelSignal } from '../cancellation.js';

/** Folds the partial results of a stage's tasks, given in the order of their chunks. */
export interface Folding {
  push(partial: SpanFold): Promise<void> | void;
  /** The fold of all that were pushed, a `PartialResult`; undefined of none. */
  result(): Promise<Uint8Array | undefined>;
}

/** What folds the results of a stage needs. */
export interface FoldingStage {
  readonly runner: TaskRunner;
  readonly stage: number;
  /** Ends the run. */
  readonly signal: CancelSignal;
}

/** So many partial results, or bytes of them, are worth a task. */
const MOST = 64;
const MOST_BYTES = 4 * 2 ** 20;

/** Counts add up here; what a user's function is to fold goes to the children: it may take long, throw, or never end. */
export function foldingOf({ kind }: Sink<number>, stage: FoldingStage): Folding | undefined {
  if (kind === 'count') return countFolding();
  return kind === 'reduce' || kind === 'aggregate' ? childFolding(stage) : undefined;
}

function countFolding(): Folding {
  let total = 0;
  return {
    push({ value }) {
      const [count = 0] = decode(value) as PartialResult;
      total += count as number;
    },
    result: () => Promise.resolve(encode([total], 'result')),
  };
}

/**
 * Keeps partial results encoded, and sends those that can meet on the tree to a child when there are enough of them. What
 * cannot meet yet, the large ones at the left, stays, so that each crosses a few times only.
 */
function childFolding({ runner, stage, signal }: FoldingStage): Folding {
  let waiting: SpanFold[] = [];
  let [fresh, freshBytes] = [0, 0];

  /** Has a child fold; it is tried again as any other task. */
  async function foldOn(fold: FoldRequest): Promise<Uint8Array> {
    const task = { run: runner.run, stage, fold, name: `${stage}-fold-${fold.before}`, chunks: [] };
    const result = (await withRetries(task, runner, { run: signal, others: signal }))!;
    runner.counts?.addAll(result.counters);
    return result.value as Uint8Array;
  }

  async function fold(): Promise<void> {
    const { from, before } = meetingOf(waiting);
    const partials = waiting.slice(from);
    [fresh, freshBytes] = [0, 0];
    if (partials.length === 0) return;
    const left = decode(await foldOn({ partials, before, isAll: false })) as SpanFold[];
    waiting = [...waiting.slice(0, from), ...left];
  }

  return {
    push(partial) {
      waiting.push(partial);
      fresh += 1;
      freshBytes += partial.value.length;
      return fresh >= MOST || freshBytes >= MOST_BYTES ? fold() : undefined;
    },
    async result() {
      if (waiting.length <= 1) return waiting[0]?.value;
      return foldOn({ partials: waiting, before: 0, isAll: true });
    },
  };
}

/** Where those begin that meet another one on the tree, and how many chunks are before them. */
function meetingOf(partials: readonly SpanFold[]): { from: number; before: number } {
  const fold = new BalancedFold<{ isMet: boolean }>(() => ({ isMet: true }));
  for (const { size } of partials) fold.push({ isMet: false }, size);
  let [from, before] = [0, 0];
  for (const { value, size } of fold.partials()) {
    if (value.isMet) return { from, before };
    from += 1;
    before += size;
  }
  return { from, before };
}
