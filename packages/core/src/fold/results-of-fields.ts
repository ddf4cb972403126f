import type { IsSame } from './is-same.js';

declare const of: unique symbol;

/** One value that was met, a list of values, or a set. */
export type Form = 'one' | 'list' | 'set';

/**
 * What an aggregator gives whose result has the type of the values that it is given, in types only: where it is applied, it is of
 * the type of the field `K` of the records, or of the records themselves where `K` is null.
 */
export interface OfValues<F extends Form, K extends string | null = null> {
  /** @internal */
  readonly [of]: readonly [F, K];
}

/** The set that `toSet` gives, in types only. */
export interface SetOfRecords extends Set<unknown> {
  /** @internal */
  readonly [of]: readonly ['set', null];
}

/** One value, a list or a set of values of type `V`. */
export type Values<V, F> = F extends 'one'
  ? NonNullable<V> | undefined
  : F extends 'list'
    ? NonNullable<V>[]
    : Set<NonNullable<V>>;

/** Whether a type is `any`. */
export type IsAny<R> = 0 extends 1 & R ? true : false;

/** What an aggregator that gives `R` gives of records of type `T`. */
export type Aggregated<T, R> =
  IsSame<R, SetOfRecords> extends true
    ? Set<T>
    : IsAny<R> extends true
      ? R
      : [R] extends [OfValues<infer F, infer K>]
        ? Values<K extends keyof T ? T[K] : K extends null ? T : unknown, F>
        : R;
