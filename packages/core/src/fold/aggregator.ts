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

/** How a ready-made aggregator is named to a child. */
export interface BuiltIn {
  readonly name: string;
  readonly arguments: readonly unknown[];
}

const builtIns = new WeakMap<object, BuiltIn>();

/** Marks an aggregator as ready-made, so that it may be used outside a job although it closes over its arguments. */
export function builtIn<G extends object>(name: string, args: readonly unknown[], aggregator: G): G {
  builtIns.set(aggregator, { name, arguments: args });
  return aggregator;
}

export function builtInOf(aggregator: object): BuiltIn | undefined {
  return builtIns.get(aggregator);
}
