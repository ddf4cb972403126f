import type { Shuffle } from '../../plan/node.js';
import type { Combining } from '../../shuffle/combining.js';
import type { Functions } from '../functions.js';

/** How a keyed verb folds the values of a key. */
export function combiningOf(
  shuffle: Exclude<Shuffle<number>, { kind: 'group' | 'sort' }>,
  functions: Functions,
): Combining {
  switch (shuffle.kind) {
    case 'reduce': {
      const op = functions.fn(shuffle.fn);
      return { create: (value) => value, add: (a, b) => op(a, b), merge: (a, b) => op(a, b) };
    }
    case 'aggregate': {
      const aggregator = functions.aggregator(shuffle.fn);
      return {
        create: (value) => aggregator.add(aggregator.zero(), value),
        add: (a, value) => aggregator.add(a, value),
        merge: (a, b) => aggregator.merge(a, b),
      };
    }
    case 'count':
      return {
        create: () => 1,
        add: (n) => (n as number) + 1,
        merge: (a, b) => (a as number) + (b as number),
      };
    case 'distinct': {
      // The key of a text is the text: see `withTexts`. Of equal numbers, dates and objects the first may look different.
      const create = (value: unknown): unknown =>
        shuffle.fn === undefined && typeof value === 'string' ? 0 : value;
      return { create, add: (first) => first, merge: (first) => first };
    }
  }
}

/** Gives back a text that the combining of `distinct` leaves out. */
export function withText(entry: [key: unknown, record: unknown]): [unknown, unknown] {
  return typeof entry[0] === 'string' ? [entry[0], entry[0]] : entry;
}
