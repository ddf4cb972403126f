import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyIndex } from '../../src/shuffle/keys/key-index.js';

type Step = 'forget' | 'clear' | 'release' | readonly (string | number)[];

const keys = fc.array(fc.oneof(fc.string({ maxLength: 9 }), fc.integer({ min: -50, max: 50 })), {
  maxLength: 200,
});
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(keys, fc.constantFrom('forget', 'clear', 'release')), {
  maxLength: 12,
});

/** What an index is to be: all its keys in order, of which some are not to be found any more. */
class Model {
  all: unknown[] = [];
  found = new Map<unknown, number>();

  drop(): void {
    this.all = [];
    this.found.clear();
  }
}

function check(index: KeyIndex, model: Model, given: Step): void {
  if (given === 'forget') {
    index.forget();
    model.found.clear();
  } else if (given === 'clear' || given === 'release') {
    index[given]();
    model.drop();
  } else {
    for (const key of given) {
      const record = index.record(key);
      const known = model.found.get(key);
      if (known === undefined) {
        model.found.set(key, record);
        model.all.push(key);
      } else expect(record).toBe(known);
    }
  }
  expect(index.size).toBe(model.all.length);
  expect(Array.from(index.records(), (record) => index.key(record))).toEqual(model.all);
}

describe('an index of keys', () => {
  it('finds what it was given since it has forgotten all, whatever others have left in its memory', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 4 }), (all) => {
        for (const own of all) {
          const [index, model] = [new KeyIndex(1), new Model()];
          for (const step of own) check(index, model, step);
          index.release();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing in memory that a large one has had, few or many of its places used', () => {
    for (const count of [10_000, 3, 500]) {
      const index = new KeyIndex(1);
      const model = new Model();
      const numbers = Array.from({ length: count }, (_, i) => i);
      check(index, model, numbers);
      check(index, model, 'forget');
      check(index, model, numbers.slice(0, 7));
      index.release();
    }
  });
});
