import type { JoinVerb, Op } from '../../../plan/verbs.js';
import { withValuesInMemory } from '../../../shuffle/group/spilled-values.js';
import { copyKey } from '../../../shuffle/keys/key.js';
import { asPair } from '../../blame/pairs.js';
import type { Push } from '../walk.js';
import type { Joint } from './link.js';
import { manyOf } from './one-to-many.js';

type LookUp = Extract<Op<number>, { verb: JoinVerb }>;
type Pair = readonly [key: unknown, value: unknown];
/** A pair, and the values that the other side has for its key. */
type Match = readonly [pair: Pair, others: readonly unknown[]];

/** What a leftJoin has for a key that the other side does not have. */
const NONE: readonly unknown[] = [undefined];

/** Joins each pair with what the table of the other side has for its key: the same pairs that a shuffle would bring together. */
export function lookUp({ verb, fn, side }: LookUp, joint: Joint): Push {
  const { next, blame, step, functions } = joint;
  const table = functions.sideTable(fn);
  const join = (key: unknown, value: unknown, shared: unknown): unknown => {
    const other = table.copyOf(shared);
    return [key, side === 'right' ? [value, other] : [other, value]];
  };

  function* joinAll([[key, value], others]: Match): Generator<unknown> {
    for (const other of others) yield join(key, value, other);
  }

  const many = manyOf('join', { ...joint, fn: joinAll as (match: unknown) => unknown });

  return (given) => {
    blame.step = step;
    const pair = asPair(withValuesInMemory(given), blame);
    // By index, since to take arrays apart by pattern is to iterate them.
    const sought = pair[0];
    const value = pair[1];
    const found = table.valuesOf(sought);
    if (verb === 'semiJoin' || verb === 'antiJoin') {
      if ((found === undefined) === (verb === 'antiJoin')) next([copyKey(sought), value]);
      return;
    }
    const others = found ?? (verb === 'leftJoin' ? NONE : undefined);
    if (others === undefined) return;
    // As a shuffle gives it back: a zero is positive, and no later change of the user's reaches it.
    const key = copyKey(sought);
    if (others.length === 1) next(join(key, value, others[0]));
    else many([[key, value], others] satisfies Match);
  };
}
