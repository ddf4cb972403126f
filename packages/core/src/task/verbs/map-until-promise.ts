import { SpilledValues, withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import type { Batch } from '../../source/source.js';
import { isThenable } from '../../values/thenable.js';
import type { Blame } from '../blame/blame.js';
import { stepOf } from '../blame/step.js';
import type { TaskContext } from '../task-context.js';
import type { Fused } from './chain.js';
import { mapConcurrently, type AsyncOp } from './map-concurrently.js';
import type { Rest } from './rest.js';
import { recordsFrom, type Room } from './walk.js';

/** Some records: a batch of the source, or one that verbs have made of a record where the blame stands. */
type Part = Batch | { readonly records: readonly [record: unknown] };

/** Why a walk over records has ended before their end, and at which of them the rest begins. */
interface Stop {
  readonly at: number;
  readonly why: 'promise' | 'pause' | 'full';
  /** What the call for the record before has returned, if that has to be awaited. */
  readonly made?: PromiseLike<unknown>;
}

/**
 * Pushes what the verb's function makes of each record, synchronously until a call returns a promise: the results from
 * there on are returned, to be awaited. So a function that awaits nothing costs next to nothing.
 */
export function mapUntilPromise(
  parts: Iterable<Part>,
  op: AsyncOp,
  { push, rest, room }: Fused & { readonly room: Room },
  context: TaskContext,
): AsyncIterable<unknown> | undefined {
  const { functions, blame, skips } = context;
  const fn = functions.fn(op.fn);
  const step = stepOf(op.verb, op.fn);

  /** It goes by index, which tells V8 what all records of a list are: the function of a number is compiled for numbers then. */
  function walk(records: ArrayLike<unknown>, isSource: boolean): Stop | undefined {
    const { length } = records;
    for (let i = 0; i < length; i += 1) {
      if (isSource) blame.i = i;
      blame.step = step;
      let made: unknown;
      try {
        made = fn(records[i]);
      } catch (error) {
        if (skips === undefined) throw error;
        skips.skip(error, blame);
        continue;
      }
      if (isThenable(made)) return { at: i + 1, why: 'promise', made };
      push(made);
      if (rest.isPaused) return { at: i + 1, why: 'pause' };
      if (room.isFull) return { at: i + 1, why: 'full' };
    }
    return undefined;
  }

  // The iterator is taken apart by hand, since the rest of it may be for `mapConcurrently`.
  const iterator = parts[Symbol.iterator]();
  let isHandedOver = false;
  try {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      const part = next.value;
      const isSource = isBatch(part);
      if (isSource) blame.batch = part;
      const stop = walk(inMemory(part.records), isSource);
      if (isSource) blame.records += stop?.at ?? part.records.length;
      if (stop === undefined) {
        if (isSource) blame.leave();
        continue;
      }
      if (stop.why === 'full') break;
      isHandedOver = true;
      const others = mapConcurrently(remainingOf(part, stop.at, iterator, blame), op, context, stop.made);
      return stop.why === 'pause' ? afterRest(rest, others, iterator) : others;
    }
    return undefined;
  } finally {
    if (!isHandedOver) iterator.return?.();
  }
}

function isBatch(part: Part): part is Batch {
  return 'locate' in part;
}

function inMemory(records: ArrayLike<unknown>): ArrayLike<unknown> {
  return SpilledValues.readable === 0 ? records : Array.from(records, withValuesInMemory);
}

/** The records of a part from one on, and those of all other parts. */
function* remainingOf(
  part: Part,
  at: number,
  others: Iterator<Part>,
  blame: Blame,
): Generator<unknown, void, undefined> {
  try {
    if (isBatch(part)) yield* recordsFrom(part, at, blame);
    for (let next = others.next(); next.done !== true; next = others.next()) {
      if (isBatch(next.value)) yield* recordsFrom(next.value, 0, blame);
      else yield next.value.records[0];
    }
  } finally {
    others.return?.();
  }
}

/** What comes once nothing is left of the record before. */
async function* afterRest(
  rest: Rest,
  others: AsyncIterable<unknown>,
  iterator: Iterator<Part>,
): AsyncGenerator<unknown, void, undefined> {
  let hasFinished = false;
  try {
    await rest.finish();
    hasFinished = true;
  } finally {
    if (!hasFinished) iterator.return?.();
  }
  yield* others;
}
