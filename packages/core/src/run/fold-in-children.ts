import { BalancedFold } from '../fold/balanced-fold.js';
import type { PartialResult } from '../fold/partial-result.js';
import type { Sink } from '../plan/node.js';
import type { Settings } from '../options/run-options.js';
import type { Pool } from '../pool/pool.js';
import { decode, encode } from '../values/codec.js';
import type { Partial, Partials } from '../protocol/messages.js';
import { attempt } from './retry.js';

/** Folds the partial results of a stage's tasks, given in the order of their chunks. */
export interface Folding {
  push(partial: Partial): Promise<void> | void;
  /** The fold of all that were pushed, a `PartialResult`; undefined of none. */
  result(): Promise<Uint8Array | undefined>;
}

/** What the tasks of children that fold need. */
export interface FoldTasks {
  readonly run: string;
  readonly stage: number;
  readonly pool: Pool;
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

/** So many partial results, or bytes of them, are worth a task. */
const MOST = 64;
const MOST_BYTES = 4 * 2 ** 20;

/** Counts add up here; what a user's function is to fold goes to the children: it may take long, throw, or never end. */
export function foldingOf({ kind }: Sink<number>, tasks: FoldTasks): Folding | undefined {
  if (kind === 'count') return countFolding();
  return kind === 'reduce' || kind === 'aggregate' ? childFolding(tasks) : undefined;
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
function childFolding({ run, stage, pool, settings, signal }: FoldTasks): Folding {
  let waiting: Partial[] = [];
  let [fresh, freshBytes] = [0, 0];

  /** By a child; tried again as any other task. */
  async function foldOn(fold: Partials): Promise<Uint8Array> {
    const task = { run, stage, fold, name: `${stage}-fold-${fold.before}`, chunks: [] };
    const stops = { signal, doomed: signal, doom: new AbortController() };
    return (await attempt(task, pool, settings, stops))!.value as Uint8Array;
  }

  async function fold(): Promise<void> {
    const { from, before } = meeting(waiting);
    const partials = waiting.slice(from);
    [fresh, freshBytes] = [0, 0];
    if (partials.length === 0) return;
    const left = decode(await foldOn({ partials, before, isAll: false })) as Partial[];
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
function meeting(partials: readonly Partial[]): { from: number; before: number } {
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
