import { BalancedFold } from '../../fold/balanced-fold.js';
import type { PartialResult } from '../../fold/partial-result.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import type { Blame } from '../blame/blame.js';

/** Folds chunk after chunk. */
export interface ChunkFold {
  /** Takes the next record of the chunk. */
  push(record: unknown): void;
  /** The partial result of the chunk; the next record begins another. */
  end(): PartialResult;
}

type Op = (a: unknown, b: unknown) => unknown;

/**
 * Folds the records of a chunk by the tree of `BalancedFold`, whose lowest four levels are fields in place of a list: half of the
 * records wait in the first, a quarter in the second. A record then costs little more than the call of `op`.
 */
export class RecordFold implements ChunkFold {
  readonly #op: Op;
  readonly #blame: Pick<Blame, 'step'>;
  readonly #step: number;
  #above: BalancedFold<unknown>;
  #count = 0;
  #ones: unknown;
  #twos: unknown;
  #fours: unknown;
  #eights: unknown;

  /** @param step What `blame` stands at while `op` runs. */
  constructor(op: Op, blame: Pick<Blame, 'step'>, step: number) {
    this.#op = op;
    this.#blame = blame;
    this.#step = step;
    this.#above = new BalancedFold(op);
  }

  push(record: unknown): void {
    const value = withValuesInMemory(record);
    const op = this.#op;
    const before = this.#count;
    this.#blame.step = this.#step;
    this.#count = before + 1;
    if ((before & 1) === 0) {
      this.#ones = value;
      return;
    }
    let carried = op(this.#ones, value);
    if ((before & 2) === 0) {
      this.#twos = carried;
      return;
    }
    carried = op(this.#twos, carried);
    if ((before & 4) === 0) {
      this.#fours = carried;
      return;
    }
    carried = op(this.#fours, carried);
    if ((before & 8) === 0) {
      this.#eights = carried;
      return;
    }
    this.#above.push(op(this.#eights, carried));
  }

  end(): PartialResult {
    const count = this.#count;
    if (count === 0) return [];
    const op = this.#op;
    this.#blame.step = this.#step;
    const waiting: unknown[] = [];
    for (const [size, value] of [
      [1, this.#ones],
      [2, this.#twos],
      [4, this.#fours],
      [8, this.#eights],
    ] as const) {
      if ((count & size) !== 0) waiting.push(value);
    }
    for (const { value } of this.#above.partials().reverse()) waiting.push(value);
    const result = waiting.reduce((right, left) => op(left, right));
    this.#above = new BalancedFold(op);
    this.#ones = this.#twos = this.#fours = this.#eights = undefined;
    this.#count = 0;
    return [result];
  }
}
