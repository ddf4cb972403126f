import { wrongArgument } from '../checks/wrong-argument.js';
import type { Aggregator } from './aggregator.js';
import { readyMade } from './ready-made.js';

/** What an aggregator skips, as SQL does. */
export type Nothing = null | undefined;

/** What a ready-made aggregator is called with: the name of a field, or a function of a record. */
export type FieldOf<T, V> = string | ((record: T) => V | Nothing);

/** A record that has a field for an aggregator of values of type `V`. */
export type WithField<K extends string, V> = { readonly [Field in K]?: V | Nothing };

/** A value that there is. */
export type Value = string | number | bigint | boolean | symbol | object;

/**
 * A ready-made aggregator: of values as it is, and called with the name of a field, or a function, of what that gives for each
 * record. Null is skipped, as SQL does, and so is undefined where a field or a function gives it.
 *
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(mean((row) => row.age / 10)).run(); // -> 3.5
 * await rows.map((row) => row.age).aggregate(mean).run(); // -> 35
 */
export interface FieldAggregator<V, A, R = A> extends Aggregator<V | null, A, R> {
  /** @throws OptionError for what is no name and no function. */
  <K extends string>(field: K): Aggregator<WithField<K, V>, A, R>;
  /** @throws OptionError for what is no name and no function. */
  <T>(value: (record: T) => V | Nothing): Aggregator<T, A, R>;
}

/** A ready-made aggregator of the table of them that can be called with a field or a function. */
export function fieldAggregator<V, A, R = A>(
  name: string,
  given: Aggregator<V, A, R>,
): FieldAggregator<V, A, R> {
  const whole = withNulls(given);
  const made = (of: FieldOf<never, V>): Aggregator<never, A, R> => readyMade(name, ofField(whole, of), [of]);
  // Jobs are compared by the names of what they hand over.
  Object.defineProperty(made, 'name', { value: name });
  return readyMade(name, Object.assign(made, whole));
}

/** An aggregator of what a field has, or a function gives. @throws OptionError for what is neither. */
export function ofField<V, A, R>(given: Aggregator<V, A, R>, of: FieldOf<never, V>): Aggregator<never, A, R> {
  const value = valueOf(of) as (record: unknown) => V | Nothing;
  const add = (accumulator: A, record: unknown): A => {
    const found = value(record);
    return found === null || found === undefined ? accumulator : given.add(accumulator, found);
  };
  return { ...given, add };
}

/** The same aggregator, which skips null. */
export function withNulls<V, A, R>(given: Aggregator<V, A, R>): Aggregator<V | null, A, R> {
  return {
    ...given,
    add: (accumulator, value) => (value === null ? accumulator : given.add(accumulator, value)),
  };
}

function valueOf(of: unknown): (record: unknown) => unknown {
  if (typeof of === 'function') return of as (record: unknown) => unknown;
  if (typeof of !== 'string')
    throw wrongArgument('field', 'the name of a field, or a function of a record', of);
  return (record) => (record as Readonly<Record<string, unknown>>)[of];
}

/** The value of a field, as `groupBy('country')` wants it. */
export function field(name: string): (record: unknown) => unknown {
  return readyMade('field', valueOf(name), [name]);
}
