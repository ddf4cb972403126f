import { BalancedFold } from '../../fold/balanced-fold.js';
import type { PartialResult } from '../../fold/partial-result.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import type { Blame } from '../blame/blame.js';

/** Folds chunk after chunk. */
export interface ChunkFold {
  /** Takes the next record of the chunk. */
  readonly push: (record: unknown) => void;
  /** The partial result of the chunk; the next record begins another. */
  end(): PartialResult;
}

type Op = (a: unknown, b: unknown) => unknown;

/**
 * Folds the records of a chunk by the tree of `BalancedFold`, whose lowest four levels are variables in place of a list:
 * half of the records wait in the first, a quarter in the second. A record then costs little more than the call of `op`.
 *
 * @param step What `blame` stands at while `op` runs.
 */
export function recordFold(op: Op, blame: Pick<Blame, 'step'>, step: number): ChunkFold {
  let above = new BalancedFold(op);
  let count = 0;
  let [ones, twos, fours, eights] = [] as unknown as [unknown, unknown, unknown, unknown];
  return {
    push(record) {
      const value = withValuesInMemory(record);
      const before = count;
      blame.step = step;
      count += 1;
      if ((before & 1) === 0) {
        ones = value;
        return;
      }
      let carried = op(ones, value);
      if ((before & 2) === 0) {
        twos = carried;
        return;
      }
      carried = op(twos, carried);
      if ((before & 4) === 0) {
        fours = carried;
        return;
      }
      carried = op(fours, carried);
      if ((before & 8) === 0) {
        eights = carried;
        return;
      }
      above.push(op(eights, carried));
    },
    end() {
      if (count === 0) return [];
      blame.step = step;
      const waiting: unknown[] = [];
      for (const [size, value] of [
        [1, ones],
        [2, twos],
        [4, fours],
        [8, eights],
      ] as const) {
        if ((count & size) !== 0) waiting.push(value);
      }
      for (const { value } of above.partials().reverse()) waiting.push(value);
      const result = waiting.reduce((right, left) => op(left, right));
      above = new BalancedFold(op);
      [ones, twos, fours, eights] = [] as unknown as [unknown, unknown, unknown, unknown];
      count = 0;
      return [result];
    },
  };
}
