import type { Op } from '../plan/verbs.js';
import { withValuesInMemory } from '../shuffle/group/spilled-values.js';
import type { Batch } from '../source/source.js';
import type { Place } from './blame/blame.js';
import type { TaskContext } from './task-context.js';
import { runPipeline } from './verbs/pipeline.js';
import type { Receiver } from './verbs/walk.js';

/** Records of a chunk that wait for its end, since a verb works on all of them, or its calls are awaited. */
export interface Deferred {
  readonly receiver: Receiver;
  /** Where they go in the end. */
  into: Receiver;
  /** Sends them there. */
  run(): Promise<void>;
}

interface Held {
  readonly record: unknown;
  readonly at: Place;
}

/** @param fail Takes what is thrown, where that is not to fail the task. */
export function deferred(
  pipeline: { readonly ops: readonly Op<number>[]; readonly seed: number; readonly branch: number },
  context: TaskContext,
  fail?: (error: unknown) => void,
): Deferred {
  const { blame } = context;
  const held: Held[] = [];
  const never: Receiver = { isFull: true, push: () => undefined };

  function* batches(): Generator<Batch> {
    for (const { record, at } of held) {
      const { batch, i } = at;
      blame.record = at.record;
      yield {
        records: [record],
        ...(batch?.first !== undefined && { first: batch.first + i }),
        locate: () => batch?.locate(i) ?? {},
        shown: () => (batch?.shown === undefined ? batch?.records[i] : batch.shown(i)),
      };
    }
  }

  const made: Deferred = {
    into: never,
    receiver: {
      get isFull() {
        return made.into.isFull;
      },
      push: (record) => void held.push({ record: withValuesInMemory(record), at: blame.here() }),
    },
    async run() {
      // They were counted as they were read.
      const { records } = blame;
      try {
        await runPipeline(batches(), pipeline, made.into, context);
      } catch (error) {
        if (fail === undefined || context.skips !== undefined) throw error;
        fail(error);
      } finally {
        blame.records = records;
      }
    },
  };
  return made;
}
