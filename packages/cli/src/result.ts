import type { Dataset, Plan, RunOptions } from '@forkfold/core';
import { isDataset } from '@forkfold/core/engine';
import { UsageError } from './usage-error.js';

/** What a command line can run: records that come one by one, or one result. */
export type Result = { readonly dataset: Dataset<unknown> } | { readonly plan: Plan<unknown> };

/**
 * Makes a result of what a job or an expression gives.
 *
 * @throws UsageError for what cannot be run, and for `top` on a plan, whose result is one value.
 */
export function resultOf(value: unknown, top: number | undefined): Result {
  if (isPlan(value)) {
    if (top === undefined) return { plan: value };
    throw new UsageError(
      '--top takes the largest records of a dataset, and this is a plan: leave out its action, or --top',
    );
  }
  if (isDataset(value)) return top === undefined ? { dataset: value } : { plan: value.top(top, byValue) };
  const what =
    value === null
      ? 'null'
      : value === undefined
        ? 'nothing'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`;
  throw new UsageError(
    `Expected a dataset or a plan, got ${what}: end with a verb or an action, such as lines.count()`,
  );
}

/** It travels as a text, so it stands alone. */
const byValue = (record: unknown): number =>
  (Array.isArray(record) && record.length === 2 ? record[1] : record) as number;

/** Plans of another copy of the package are plans too. */
export function isPlan(value: unknown): value is Plan<unknown> {
  if (typeof value !== 'object' || value === null || isDataset(value)) return false;
  const { run, explain } = value as { run?: unknown; explain?: unknown };
  return typeof run === 'function' && typeof explain === 'function';
}

/** The records of a result, as they are written: the entries of a map, the elements of an array or a set, or one value. */
export async function* recordsOf(
  result: Result,
  options: RunOptions,
): AsyncGenerator<unknown, void, undefined> {
  if ('dataset' in result) {
    yield* result.dataset.stream(options);
    return;
  }
  const value = await result.plan.run(options);
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) yield* value as Iterable<unknown>;
  else if (value !== undefined) yield value;
}
