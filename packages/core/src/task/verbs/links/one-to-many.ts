import { joinGroups, type CoGroup } from '../join-groups.js';
import type { Joint, Link } from './link.js';
import type { Push } from '../walk.js';

export const flatMap: Link<'flatMap'> = (_, joint) => manyOf(joint);

export const mapReduceMap: Link<'mapReduce.map'> = (_, joint) => manyOf(joint);

/** Hands on all that `fn` gives for a record, and puts the rest aside where somebody behind has to wait. */
export function manyOf({ next, fn, blame, step, room, rest }: Joint): Push {
  const isBounded = room.isBounded !== false;
  const { mayPause } = rest;
  const enter = (): void => {
    blame.step = step;
  };

  /** Hands on what is there; whether it is finished, or put aside. */
  function drain(iterator: Iterator<unknown>): boolean {
    for (let made = iterator.next(); made.done !== true; made = iterator.next()) {
      next(made.value);
      if (mayPause) rest.pauseIfDue();
      if (rest.isPaused) {
        rest.leave(iterator, next, enter);
        return true;
      }
      if (isBounded && room.isFull) return false;
      blame.step = step;
    }
    return true;
  }

  return (record) => {
    blame.step = step;
    const made = fn(record);
    if (isAsyncOnly(made)) {
      rest.leave(made[Symbol.asyncIterator](), next, enter);
      return;
    }
    const iterator = (made as Iterable<unknown>)[Symbol.iterator]();
    let isEnded = false;
    let hasThrown = true;
    try {
      isEnded = drain(iterator);
      hasThrown = false;
    } finally {
      if (!isEnded) close(iterator, hasThrown);
    }
  };
}

/** As `for..of` leaves an iterator early: what it throws itself then is of no account. */
function close(iterator: Iterator<unknown>, hasThrown: boolean): void {
  try {
    iterator.return?.();
  } catch (error) {
    if (!hasThrown) throw error;
  }
}

function isAsyncOnly(made: unknown): made is AsyncIterable<unknown> {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(made) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  return typeof sync !== 'function' && typeof async === 'function';
}

export const joinPairs: Link<'join.pairs'> =
  (op, { next, room, rest }) =>
  (record) => {
    // A verb that follows may have to wait in the midst of the pairs of a key.
    const late: unknown[] = [];
    const push = (pair: unknown): void => {
      if (rest.isPaused) late.push(pair);
      else next(pair);
    };
    joinGroups(record as CoGroup, op, push, room);
    if (late.length > 0) rest.leave(late[Symbol.iterator](), next);
  };
