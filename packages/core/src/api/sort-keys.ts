import { checkKey } from '../checks/check-key.js';
import { wrongArgument } from '../checks/wrong-argument.js';
import { own, type ModuleRef } from '../module-ref.js';
import type { AnyFunction } from '../plan/callable.js';
import { refer, referModule, type PlanFunction } from '../plan/function-ref.js';
import type { FieldName, FunctionOf } from './field-name.js';

const DESCENDING = Symbol.for('@forkfold/core/descending');

/** A key in descending order, as `desc` makes it. */
export interface Descending<T> {
  readonly [DESCENDING]: unknown;
  /** @internal Carries the type of the records; never set. */
  of?(record: T): unknown;
}

/** What records are sorted by: the name of a field, or a function. */
export type SortKey<T> = FieldName<T> | FunctionOf<T>;

/** What records are sorted by, in ascending or descending order. */
export type SortPart<T> = SortKey<T> | Descending<T>;

/** One key, or several: the first decides, the next ones among equals. */
export type SortKeys<T> = SortPart<T> | readonly SortPart<T>[];

/**
 * A key in descending order, for `sortBy` and for the values of `groupByKey`: `sortBy(['country', desc('amount')])`. Records with
 * equal keys stay in input order.
 *
 * @throws OptionError for what is no name and no function.
 * @example
 * const rows = from([{ country: 'fr', n: 1 }, { country: 'de', n: 2 }, { country: 'de', n: 3 }]);
 * const sorted = rows.sortBy(['country', desc('n')]);
 * await sorted.map((row) => row.n).toArray().run(); // -> [ 3, 2, 1 ]
 */
export function desc<T>(key: SortKey<T>): Descending<T> {
  if (!isKey(key)) throw wrongArgument('desc', 'given the name of a field, or a function of a record', key);
  return { [DESCENDING]: key };
}

/** What a child sorts by. @throws OptionError */
export function referKeys(verb: string, keys: unknown): PlanFunction {
  if (typeof keys === 'function') {
    checkOne(verb, keys);
    return refer(verb, keys as AnyFunction);
  }
  return referModule(verb, keysRef(verb, 'orderedBy', keys));
}

/** A function of the library's own that is made of keys. @throws OptionError */
export function keysRef(verb: string, name: string, keys: unknown): ModuleRef {
  const parts: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  const turned = parts.map(isDescending);
  const given = parts.map((part) => (isDescending(part) ? part[DESCENDING] : part));
  if (given.length === 0 || !given.every(isKey)) {
    throw wrongArgument(
      verb,
      'given a function of a record, the name of a field, desc(...) of these, or an array of them',
      keys,
    );
  }
  for (const key of given) checkOne(verb, key);
  return { module: own.functions, name, arguments: [turned, ...given] };
}

function checkOne(verb: string, key: unknown): void {
  checkKey(verb, `${verb}((record) => record.price), or desc((record) => record.price)`, key);
}

function isKey(key: unknown): boolean {
  return typeof key === 'function' || (typeof key === 'string' && key !== '');
}

function isDescending(part: unknown): part is Descending<never> {
  return typeof part === 'object' && part !== null && DESCENDING in part;
}
