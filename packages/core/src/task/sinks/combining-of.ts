import type { Aggregator } from '../../fold/aggregator.js';
import type { Shuffle } from '../../plan/node.js';
import type { Combining } from '../../shuffle/combining.js';
import type { Fn, Functions } from '../functions.js';

/** How a keyed verb folds the values of a key. */
export function combiningOf(
  shuffle: Exclude<Shuffle<number>, { kind: 'group' | 'sort' }>,
  functions: Functions,
): Combining {
  switch (shuffle.kind) {
    case 'reduce': {
      return new Reducing(functions.fn(shuffle.fn));
    }
    case 'aggregate': {
      return new Aggregating(functions.aggregator(shuffle.fn));
    }
    case 'count':
      return counting;
    case 'distinct':
      return shuffle.fn === undefined ? firstWithoutText : first;
  }
}

class Reducing implements Combining {
  readonly #op: Fn;

  constructor(op: Fn) {
    this.#op = op;
  }

  create(value: unknown): unknown {
    return value;
  }

  add(left: unknown, right: unknown): unknown {
    const op = this.#op;
    return op(left, right);
  }

  merge(left: unknown, right: unknown): unknown {
    const op = this.#op;
    return op(left, right);
  }
}

class Aggregating implements Combining {
  readonly #aggregator: Aggregator<unknown, unknown>;

  constructor(aggregator: Aggregator<unknown, unknown>) {
    this.#aggregator = aggregator;
  }

  create(value: unknown): unknown {
    return this.#aggregator.add(this.#aggregator.zero(), value);
  }

  add(accumulator: unknown, value: unknown): unknown {
    return this.#aggregator.add(accumulator, value);
  }

  merge(left: unknown, right: unknown): unknown {
    return this.#aggregator.merge(left, right);
  }
}

const counting: Combining = {
  create: () => 1,
  add: (n) => (n as number) + 1,
  merge: (left, right) => (left as number) + (right as number),
};

/** Of equal numbers, dates and objects the first may look different. */
const first: Combining = { create: (value) => value, add: (found) => found, merge: (found) => found };

/** The key of a text is the text: see `withText`. */
const firstWithoutText: Combining = {
  ...first,
  create: (value) => (typeof value === 'string' ? 0 : value),
};

/** Gives back a text that the combining of `distinct` leaves out. */
export function withText(entry: [key: unknown, record: unknown]): [unknown, unknown] {
  return typeof entry[0] === 'string' ? [entry[0], entry[0]] : entry;
}
