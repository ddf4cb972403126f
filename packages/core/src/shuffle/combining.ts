/**
 * How the values of one key become one accumulator. `merge` must be associative, and
 * `add(accumulator, value)` must equal `merge(accumulator, create(value))`.
 */
export interface Combining<V = unknown, A = unknown> {
  create(value: V): A;
  add(accumulator: A, value: V): A;
  /** `left` comes before `right` in the order of the input. */
  merge(left: A, right: A): A;
}
