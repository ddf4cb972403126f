/**
 * Folds values in order as a balanced tree: value `i` meets its neighbour first, then pairs meet pairs, like the
 * carries of a binary counter. At most log2(n) partial results live at a time, and the tree depends on n alone.
 * Pairwise summation: Higham, "The accuracy of floating point summation", 1993.
 */
export class BalancedFold<T> {
  readonly #op: (a: T, b: T) => T;
  readonly #partials: T[] = [];
  #count = 0;

  constructor(op: (a: T, b: T) => T) {
    this.#op = op;
  }

  /** `size` is the number of values that `value` is the fold of: a power of two that divides the number pushed so far. */
  push(value: T, size = 1): void {
    let carried = value;
    for (let n = this.#count / size; n % 2 === 1; n = (n - 1) / 2) {
      carried = this.#op(this.#partials.pop()!, carried);
    }
    this.#partials.push(carried);
    this.#count += size;
  }

  /** The fold of everything pushed; only if something was. */
  result(): T {
    return this.#partials.reduceRight((right, left) => this.#op(left, right));
  }
}
