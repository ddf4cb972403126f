/**
 * Folds values in order as a balanced tree: value `i` meets its neighbour first, then pairs meet pairs, like the
 * carries of a binary counter. At most log2(n) partial results live at a time, and the tree depends on n alone.
 * Pairwise summation: Higham, "The accuracy of floating point summation", 1993.
 */
export class BalancedFold<T> {
  readonly #op: (a: T, b: T) => T;
  readonly #partials: T[] = [];
  readonly #before: number;
  #count: number;

  /** @param before How many values come before those pushed; they are folded elsewhere, and meet none of these yet. */
  constructor(op: (a: T, b: T) => T, before = 0) {
    this.#op = op;
    this.#before = before;
    this.#count = before;
  }

  /** `size` is the number of values that `value` is the fold of: a power of two that divides the number pushed so far. */
  push(value: T, size = 1): void {
    let carried = value;
    for (let n = this.#count / size; n % 2 === 1 && this.#partials.length > 0; n = (n - 1) / 2) {
      carried = this.#op(this.#partials.pop()!, carried);
    }
    this.#partials.push(carried);
    this.#count += size;
  }

  /** What is left to fold, each with its size: larger and larger powers of two from the last to the first. */
  partials(): { value: T; size: number }[] {
    let rest = this.#count - this.#before;
    return this.#partials.map((value) => {
      const size = 2 ** Math.floor(Math.log2(rest));
      rest -= size;
      return { value, size };
    });
  }

  /** The fold of everything pushed; only if something was. */
  result(): T {
    return this.#partials.reduceRight((right, left) => this.#op(left, right));
  }
}
