import type { Cursor } from './blame.js';

/** A record that a keyed verb cannot take; that record is to blame, not a function. */
export class NotAPair extends TypeError {}

/** Checks that a keyed verb, the one that the cursor names, was given a pair. */
export function asPair(record: unknown, cursor: Cursor): readonly [unknown, unknown] {
  if (!Array.isArray(record) || record.length !== 2) throw notAPair(cursor);
  return record as unknown as readonly [unknown, unknown];
}

function notAPair(cursor: Cursor): NotAPair {
  if (!cursor.verb.startsWith('mapReduce')) {
    return new NotAPair(`${cursor.verb} takes [key, value] pairs: make them with keyBy or map`);
  }
  // There, the function that should have made the pairs is known.
  cursor.verb = 'mapReduce.map';
  return new NotAPair('mapReduce.map must give [key, value] pairs');
}
