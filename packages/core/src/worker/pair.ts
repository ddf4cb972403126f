/** A record that a keyed verb cannot take; that record is to blame, not a function. */
export class NotAPair extends TypeError {}

/** Checks that a keyed verb was given a pair. */
export function asPair(record: unknown, verb: string): readonly [unknown, unknown] {
  if (!Array.isArray(record) || record.length !== 2) {
    throw new NotAPair(`${verb} takes [key, value] pairs: make them with keyBy or map`);
  }
  return record as unknown as readonly [unknown, unknown];
}
