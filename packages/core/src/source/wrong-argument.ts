import { OptionError } from '../errors.js';
import { preview } from '../transport/preview.js';

/** The error for an argument of a source that breaks its rule: `Expected "step" to be a finite number, got NaN (number)`. */
export function wrongArgument(name: string, rule: string, value: unknown): OptionError {
  return new OptionError(
    `Expected "${name}" to be ${rule}, got ${preview(value, 80)} (${typeof value})`,
    name,
  );
}
