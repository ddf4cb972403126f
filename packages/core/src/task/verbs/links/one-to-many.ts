import { preview } from '../../../values/preview.js';
import { isThenable } from '../../../values/thenable.js';
import { joinGroups, type CoGroup } from '../join-groups.js';
import type { Joint, Link } from './link.js';
import type { Push } from '../walk.js';

export const flatMap: Link<'flatMap'> = ({ verb }, joint) => manyOf(verb, joint);

export const mapReduceMap: Link<'mapReduce.map'> = ({ verb }, joint) => manyOf(verb, joint);

/** Hands on all that `fn` gives for a record, and puts the rest aside where somebody behind has to wait. */
export function manyOf(verb: string, { next, fn, blame, step, room, rest }: Joint): Push {
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

  /** As `drain`, for an array: to ask an iterator for each item would be a fifteenth of a word count (the bench `word-count`). */
  function drainItems(items: readonly unknown[]): void {
    for (let i = 0; i < items.length; i += 1) {
      next(items[i]);
      if (mayPause) rest.pauseIfDue();
      if (rest.isPaused) {
        rest.leave(itemsFrom(items, i + 1), next, enter);
        return;
      }
      if (isBounded && room.isFull) return;
      // An item may be a getter of the user's.
      blame.step = step;
    }
  }

  return (record) => {
    blame.step = step;
    const made = fn(record);
    if (isPlainArray(made)) {
      drainItems(made);
      return;
    }
    const given = Object(made) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
    const iterator = given[Symbol.iterator]?.();
    if (iterator === undefined) {
      const later = given[Symbol.asyncIterator]?.();
      if (later === undefined) throw notMany(verb, made);
      rest.leave(later, next, enter);
      return;
    }
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

const { [Symbol.iterator]: iterate } = Array.prototype;

/** Whether it is an array that is iterated as all are. */
function isPlainArray(made: unknown): made is readonly unknown[] {
  return Array.isArray(made) && made[Symbol.iterator] === iterate;
}

function* itemsFrom(items: readonly unknown[], from: number): Generator<unknown, void, undefined> {
  for (let i = from; i < items.length; i += 1) yield items[i];
}

/** As `for..of` leaves an iterator early: what it throws itself then is of no account. */
function close(iterator: Iterator<unknown>, hasThrown: boolean): void {
  try {
    iterator.return?.();
  } catch (error) {
    if (!hasThrown) throw error;
  }
}

function notMany(verb: string, made: unknown): TypeError {
  return new TypeError(
    isThenable(made)
      ? `${verb} does not wait for a promise: use mapAsync first, or give an async generator`
      : `${verb} must give an iterable, such as an array, and gave ${preview(made, 80)}`,
  );
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
