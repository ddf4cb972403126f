import { EmptyReduceError, SerializationError } from '../errors.js';
import type { PartialResult } from '../fold/partial-result.js';
import type { Action, Gathering } from '../plan/action.js';
import { verbOf } from '../plan/node.js';
import type { ResultBytes } from '../protocol/reply.js';
import type { TaskResult } from '../protocol/task-result.js';
import { decode, encode } from '../values/codec.js';
import { encodeThrown } from '../values/error-codec.js';
import { isThenable } from '../values/thenable.js';
import { AllRecords } from './all-records.js';
import type { Folding } from './fold-in-children.js';
import { recordBlocks } from './result-blocks.js';
import { toError } from './to-error.js';
import type { CancelSignal } from '../cancellation.js';

/** Makes the result of a plan out of what the tasks of its last stage give, in order. */
export interface Collector {
  /** Whether it needs no more. */
  readonly isFull: boolean;
  take(result: TaskResult): Promise<void> | void;
  /** The result of the plan, after the last `take`. */
  end(): Promise<unknown>;
}

/**
 * Gathers records.
 *
 * @param keepsFiles Whether files of results are needed again: by a checkpoint.
 * @param signal Ends the run.
 */
export function recordCollector(action: Action, keepsFiles: boolean, signal?: CancelSignal): Collector {
  const { sink } = action;
  const limit = sink.kind === 'collect' ? (sink.limit ?? Infinity) : Infinity;
  const gathering = action.gather?.() ?? new AllRecords();
  let count = 0;

  /** Gathers records one by one; whether there is no room for more. */
  async function takeEach(block: readonly unknown[]): Promise<boolean> {
    for (const record of block) {
      if (count >= limit) return true;
      count += 1;
      const pending = gathering.add(record as never);
      if (isThenable(pending)) await pending;
      // The user's function is not called for a run that has ended while it was awaited.
      if (signal?.aborted) return true;
    }
    return count >= limit;
  }

  async function takeSome(value: ResultBytes): Promise<void> {
    for (const block of recordBlocks(value, keepsFiles)) {
      if (gathering.addAll !== undefined && count + block.length <= limit) {
        gathering.addAll(block as never[]);
        count += block.length;
      } else if (await takeEach(block)) return;
    }
  }

  function takeAll(value: ResultBytes, addAll: NonNullable<Gathering['addAll']>): void {
    for (const block of recordBlocks(value, keepsFiles)) {
      addAll(block as never[]);
      count += block.length;
    }
  }

  return {
    get isFull() {
      return count >= limit;
    },
    take({ value }) {
      const { addAll } = gathering;
      if (addAll === undefined || limit < Infinity) return takeSome(value);
      takeAll(value, addAll);
      return undefined;
    },
    end: async () => action.finish({ value: gathering.value, found: count > 0, copy }),
  };
}

/** Folds partial results, and finishes. */
export function foldCollector(action: Action, folding: Folding): Collector {
  return {
    isFull: false,
    take: ({ value, chunks }) => folding.push({ value: value as Uint8Array, size: chunks }),
    async end() {
      const folded = await folding.result();
      const partial: PartialResult = folded === undefined ? [] : (decode(folded) as PartialResult);
      return finish(action, { value: partial[0], found: partial.length > 0, copy });
    },
  };
}

/** What a child would get. @throws SerializationError for what cannot travel. */
function copy<V>(value: V): V {
  return Object(value) === value ? (decode(encode(value, 'identity')) as V) : value;
}

/** What the user's own functions throw there is told as if a child had met it. */
function finish(action: Action, result: Parameters<Action['finish']>[0]): unknown {
  try {
    return action.finish(result);
  } catch (error) {
    if (error instanceof EmptyReduceError || error instanceof SerializationError) throw error;
    const verb = verbOf(action.sink);
    throw toError({ kind: 'task', verb, chunk: -1, position: {}, preview: '', thrown: encodeThrown(error) });
  }
}
