import { isRecord } from '../checks/is-record.js';
import { show, wrongArgument } from '../checks/wrong-argument.js';
import { OptionError } from '../errors.js';
import type { Aggregator } from './aggregator.js';
import type { Aggregated } from './results-of-fields.js';
import { readyMade } from './ready-made.js';

/** Aggregators of records of type `T` by the names of their results. */
export type Aggregators<T> = Readonly<Record<string, Aggregator<T, unknown, unknown>>>;

/** What aggregators by name give of records of type `T`. */
export type AggregatedByName<T, Named> = {
  -readonly [Name in keyof Named]: Named[Name] extends Aggregator<never, infer A, infer R>
    ? Aggregated<T, unknown extends R ? A : R>
    : never;
};

/** What an aggregator that gives `R`, or aggregators by name, give of records of type `T`. */
export type Folded<T, R, Named> =
  Named extends Readonly<Record<string, Aggregator<never, unknown, unknown>>>
    ? AggregatedByName<T, Named>
    : Aggregated<T, R>;

/** Whether something has the functions of an aggregator. */
export function isAggregator(value: unknown): value is Aggregator<never, unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const { zero, add, merge } = value as Readonly<Record<string, unknown>>;
  // An object of aggregators may use these names, too.
  return [zero, add, merge].every((part) => typeof part === 'function' && !('zero' in part));
}

/** Whether an object has a part of an aggregator where aggregators by name would have one as a whole. */
function isMeantAsAggregator(given: unknown): given is Aggregator<never, unknown> {
  if (!isRecord(given)) return false;
  const { zero, add, merge } = given as Readonly<Record<string, unknown>>;
  return [zero, add, merge].some((part) => typeof part === 'function' && !isAggregator(part));
}

/**
 * Makes one aggregator of several by name, which gives an object of their results; an aggregator is given back as it is.
 *
 * @param verb How the user calls what it is given to.
 * @throws OptionError for an object that has no aggregators, or something else.
 */
export function byName(verb: string, given: unknown): Aggregator<never, unknown, unknown> {
  // What lacks a function of an aggregator is told which one, once it is referred to.
  if (isAggregator(given) || isMeantAsAggregator(given)) return given;
  if (!isRecord(given) || Object.keys(given as object).length === 0) {
    throw new OptionError(
      `Expected ${verb} to be given an aggregator, or an object of them such as { n: count, mean: mean('amount') }, got ${show(given)}`,
      verb,
    );
  }
  const parts = Object.entries(given as Readonly<Record<string, unknown>>);
  for (const [name, part] of parts) {
    if (!isAggregator(part))
      throw wrongArgument(`${verb}.${name}`, "an aggregator, such as count or mean('amount')", part);
  }
  return named(
    parts.map(([name]) => name),
    ...parts.map(([, part]) => part as Aggregator<unknown, unknown, unknown>),
  );
}

/** One aggregator of several; accumulators are in the order of the names. */
export function named(
  names: readonly string[],
  ...parts: readonly Aggregator<unknown, unknown, unknown>[]
): Aggregator<never, unknown[], object> {
  const aggregator: Aggregator<unknown, unknown[], object> = {
    zero: () => parts.map((part) => part.zero()),
    add(accumulators, record) {
      for (let i = 0; i < parts.length; i += 1) accumulators[i] = parts[i]!.add(accumulators[i], record);
      return accumulators;
    },
    merge(left, right) {
      for (let i = 0; i < parts.length; i += 1) left[i] = parts[i]!.merge(left[i], right[i]);
      return left;
    },
    finish: (accumulators) =>
      Object.fromEntries(
        parts.map((part, i) => [names[i]!, part.finish ? part.finish(accumulators[i]) : accumulators[i]]),
      ),
  };
  return readyMade('named', aggregator, [names, ...parts]);
}
