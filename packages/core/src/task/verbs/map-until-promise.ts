import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { isThenable } from '../../values/thenable.js';
import { stepOf } from '../blame/step.js';
import type { TaskContext } from '../task-context.js';
import { mapConcurrently, type AsyncOp } from './map-concurrently.js';
import type { Fused } from './chain.js';
import type { Rest } from './rest.js';
import type { Room } from './walk.js';

/**
 * Pushes what the verb's function makes of each record, synchronously until a call returns a promise: the results from
 * there on are returned, to be awaited. So a function that awaits nothing costs next to nothing.
 */
export function mapUntilPromise(
  records: Iterable<unknown>,
  op: AsyncOp,
  { push, rest, room }: Fused & { readonly room: Room },
  context: TaskContext,
): AsyncIterable<unknown> | undefined {
  const { functions, blame, skips } = context;
  const fn = functions.fn(op.fn);
  const step = stepOf(op.verb, op.fn);
  // The iterator is taken apart by hand, since the rest of it may be for `mapConcurrently`.
  const iterator = records[Symbol.iterator]();
  const remaining = (): Iterable<unknown> => ({ [Symbol.iterator]: () => iterator });
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    blame.step = step;
    let made: unknown;
    try {
      made = fn(withValuesInMemory(next.value));
    } catch (error) {
      if (skips === undefined) throw error;
      skips.skip(error, blame);
      continue;
    }
    if (isThenable(made)) return mapConcurrently(remaining(), op, context, made);
    push(made);
    if (rest.isPaused) return afterRest(rest, () => mapConcurrently(remaining(), op, context));
    if (room.isFull) break;
  }
  iterator.return?.();
  return undefined;
}

/** What comes once nothing is left of the record before. */
async function* afterRest(
  rest: Rest,
  others: () => AsyncIterable<unknown>,
): AsyncGenerator<unknown, void, undefined> {
  await rest.finish();
  yield* others();
}
