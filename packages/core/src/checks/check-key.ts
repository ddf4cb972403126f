import { OptionError } from '../errors.js';
import { show } from './wrong-argument.js';

/**
 * A function of two records, such as `Array.prototype.sort` takes, would get one, and give no key at all.
 *
 * @throws OptionError
 */
export function checkKey(verb: string, example: string, key: unknown): void {
  if (typeof key !== 'function' || key.length < 2) return;
  throw new OptionError(
    `${verb} takes a function of one record, and this one has ${key.length} parameters, as one that compares records has: give ` +
      `what they are compared by, as in ${example}`,
    verb,
  );
}

/** @throws OptionError for what is no name and no function. */
export function checkGroupKey(key: unknown): void {
  if (typeof key === 'string' || typeof key === 'function') return;
  throw new OptionError(
    `Expected groupBy to be given a function of a record, or the name of a field, got ${show(key)}: a key of several fields is an ` +
      'array, as in groupBy((row) => [row.year, row.month])',
    'groupBy',
  );
}
