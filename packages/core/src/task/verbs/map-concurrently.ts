import { copySpilled } from '../../shuffle/group/spilled-values.js';
import type { Op } from '../../plan/node.js';
import type { Fn } from './chain.js';
import type { Cursor } from '../blame/blame.js';
import type { Tolerance } from '../blame/skips.js';

/** A verb whose function may return a promise. */
export type AsyncOp = Extract<Op<number>, { concurrency: number }>;

/**
 * Calls `fn` for several records at a time. The cursor stands at each record again when its result is handed on. `first`
 * is what `fn` has returned for the record under way.
 */
export async function* mapConcurrently(
  records: Iterable<unknown> | AsyncIterable<unknown>,
  fn: Fn,
  { verb, fn: number, concurrency }: AsyncOp,
  cursor: Cursor,
  tolerance: Tolerance | undefined,
  first?: unknown,
): AsyncGenerator<unknown> {
  const running: (() => Promise<{ value: unknown } | undefined>)[] = [];
  const start = (call: () => unknown): void => {
    const { batch, i, ordinal } = cursor;
    const result = (async () => ({ value: await call() }))();
    result.catch(() => undefined);
    running.push(async () => {
      try {
        const made = await result;
        Object.assign(cursor, { batch, i, ordinal });
        return made;
      } catch (error) {
        Object.assign(cursor, { batch, i, ordinal, verb, fn: number });
        if (tolerance === undefined) throw error;
        tolerance.skip(error);
        return undefined;
      }
    });
  };
  if (first !== undefined) start(() => first);
  for await (const record of records) {
    start(() => fn(copySpilled(record)));
    if (running.length >= concurrency) yield* settled(await running.shift()!());
  }
  while (running.length > 0) yield* settled(await running.shift()!());
}

function* settled(made: { value: unknown } | undefined): Generator<unknown> {
  if (made !== undefined) yield made.value;
}
