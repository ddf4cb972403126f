import type { Blame } from './blame.js';
import { stepOf } from './step.js';

/** A record that a keyed verb cannot take; that record is to blame, not a function. */
export class NotAPair extends TypeError {}

/** Checks that a keyed verb, the one that is under way, was given a pair. */
export function asPair(record: unknown, blame: Blame): readonly [unknown, unknown] {
  if (!Array.isArray(record) || record.length !== 2) throw notAPair(blame);
  return record as unknown as readonly [unknown, unknown];
}

function notAPair(blame: Blame): NotAPair {
  if (!blame.verb.startsWith('mapReduce')) {
    return new NotAPair(`${blame.verb} takes [key, value] pairs: make them with keyBy or map`);
  }
  // The function that should have made the pairs is known there.
  blame.step = stepOf('mapReduce.map', blame.fn);
  return new NotAPair('mapReduce.map must give [key, value] pairs');
}
