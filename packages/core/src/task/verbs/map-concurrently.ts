import type { Op } from '../../plan/verbs.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import type { TaskContext } from '../task-context.js';
import type { AnyIterable } from './walk.js';

/** A verb whose function may return a promise. */
export type AsyncOp = Extract<Op<number>, { concurrency: number }>;

/** A call under way: what it gives, unless its record is left out. */
type Call = () => Promise<{ value: unknown } | undefined>;

/**
 * Calls the verb's function for several records at a time. The blame stands at each record again when its result is
 * handed on.
 *
 * @param first What the function has returned for the record under way, where it was called before.
 */
export async function* mapConcurrently(
  records: AnyIterable,
  { verb, fn: number, concurrency }: AsyncOp,
  { functions, blame, skips }: TaskContext,
  first?: PromiseLike<unknown>,
): AsyncGenerator<unknown> {
  const fn = functions.fn(number);
  const running: Call[] = [];
  const start = (call: () => unknown): void => {
    const here = blame.here();
    const result = (async () => ({ value: await call() }))();
    result.catch(() => undefined);
    running.push(async () => {
      try {
        const made = await result;
        blame.back(here);
        return made;
      } catch (error) {
        blame.back(here);
        blame.enter(verb, number);
        if (skips === undefined) throw error;
        skips.skip(error);
        return undefined;
      }
    });
  };
  if (first !== undefined) start(() => first);
  for await (const record of records) {
    start(() => fn(withValuesInMemory(record)));
    if (running.length >= concurrency) yield* settled(await running.shift()!());
  }
  while (running.length > 0) yield* settled(await running.shift()!());
}

function* settled(made: { value: unknown } | undefined): Generator<unknown> {
  if (made !== undefined) yield made.value;
}
