import { OptionError } from '../errors.js';

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
