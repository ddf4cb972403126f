import { OptionError } from '../errors.js';
import { preview } from '../values/preview.js';

/** The error for an argument that breaks its rule: `Expected "step" to be a finite number, got NaN (number)`. */
export function wrongArgument(name: string, rule: string, value: unknown): OptionError {
  return new OptionError(`Expected "${name}" to be ${rule}, got ${show(value)}`, name);
}

/** A value and its type, where the value does not say it. */
export function show(value: unknown): string {
  return value === undefined || value === null ? String(value) : `${preview(value, 80)} (${typeof value})`;
}
