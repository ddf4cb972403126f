/**
 * How to fold records into one value, in parallel (Spark's `aggregate`, Beam's `CombineFn`).
 *
 * Laws: `merge` is associative; `zero()` is neutral for `merge`; and `merge(a, add(zero(), x))` equals `add(a, x)`.
 * `add` and `merge` may change and return their first argument. `finish` runs once, in the end.
 */
export interface Aggregator<T, A, R = A> {
  /** A fresh identity for every chunk. */
  zero(): A;
  /** Takes one record in. May change and return `accumulator`. */
  add(accumulator: A, record: T): A;
  /** Joins two partial results. Associative; it need not be commutative: partials merge in input order. */
  merge(left: A, right: A): A;
  /** Makes the result of the last accumulator. Without it the accumulator is the result. */
  finish?(accumulator: A): R;
}
