import type { Op } from '../../plan/verbs.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { stepOf } from '../blame/step.js';
import type { TaskContext } from '../task-context.js';
import type { AnyIterable } from './walk.js';

/** A verb whose function may return a promise. */
export type AsyncOp = Extract<Op<number>, { concurrency: number }>;

/** So many results for each call that may be under way are held while they wait for the one before them. */
const HELD = 4;

/** A call under way, or its result: what it gives, unless its record is left out. */
interface Call {
  isDone: boolean;
  result(): Promise<{ value: unknown } | undefined>;
}

/**
 * Calls the verb's function for several records at a time, and gives the results in the order of the records. The blame
 * stands at each record again when its result is handed on.
 *
 * @param first What the function has returned for the record under way, where it was called before.
 */
export async function* mapConcurrently(
  records: AnyIterable,
  op: AsyncOp,
  { functions, blame, skips, calls }: TaskContext,
  first?: PromiseLike<unknown>,
): AsyncGenerator<unknown> {
  const { verb, fn: number, concurrency } = op;
  const fn = functions.fn(number);
  const step = stepOf(verb, number);
  const gate = calls.gateOf(op);
  const { chunk } = blame;
  const waiting: Call[] = [];
  const start = async (call: () => unknown): Promise<void> => {
    const here = blame.here();
    await gate.begin();
    // Another chunk's records may have had their turn meanwhile.
    blame.back(here);
    blame.step = step;
    const outcome = (async () => ({ value: await call() }))();
    const made: Call = {
      isDone: false,
      async result() {
        try {
          const value = await outcome;
          blame.back(here);
          return value;
        } catch (error) {
          blame.back(here);
          blame.step = step;
          if (skips === undefined) throw error;
          skips.skip(error, blame);
          return undefined;
        }
      },
    };
    const end = (): void => {
      made.isDone = true;
      gate.end();
    };
    outcome.then(end, end);
    waiting.push(made);
  };
  if (first !== undefined) await start(() => first);
  for await (const record of records) {
    await start(() => fn(withValuesInMemory(record)));
    while (waiting[0]?.isDone || waiting.length >= HELD * concurrency) {
      const made = await waiting.shift()!.result();
      if (made !== undefined) yield made.value;
    }
  }
  calls.exhaust(chunk);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const made = await next.result();
    if (made !== undefined) yield made.value;
  }
}
