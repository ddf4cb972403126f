import { OptionError } from '../errors.js';
import { suggestName } from './nearest-name.js';
import { show, wrongArgument } from './wrong-argument.js';

/** What an argument or an option must be, in words and as a test. */
export type Rule = readonly [text: string, holds: (value: unknown) => boolean];

export const positiveInteger: Rule = [
  'an integer of at least 1',
  (n) => Number.isInteger(n) && Number(n) >= 1,
];
export const aCount: Rule = ['an integer of at least 0', (n) => Number.isInteger(n) && Number(n) >= 0];
export const aFraction: Rule = ['a number from 0 to 1', (n) => typeof n === 'number' && n >= 0 && n <= 1];
export const anyInteger: Rule = ['an integer', Number.isSafeInteger];
export const aBoolean: Rule = ['a boolean', (value) => typeof value === 'boolean'];
export const aFunction: Rule = ['a function', (value) => typeof value === 'function'];

/** Whether a value is an array of different names, of one at least. */
export function areNames(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((name) => typeof name === 'string') && new Set(value).size === value.length;
}

/** @throws OptionError that names the argument, the rule and the value. */
export function checkArgument(name: string, value: unknown, [text, holds]: Rule): void {
  if (!holds(value)) throw wrongArgument(name, text, value);
}

/**
 * Checks the options (or functions) that a verb was given as an object; those that are undefined are not there.
 *
 * @throws OptionError that names the option, the rule and the value, or the nearest name to an unknown one.
 */
export function checkArguments(
  of: string,
  given: unknown,
  rules: Readonly<Record<string, Rule>>,
  what: 'options' | 'functions' = 'options',
): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new OptionError(`Expected ${of} to be given an object of ${what}, got ${show(given)}`, of);
  }
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      throw new OptionError(
        `Unknown option "${name}" of ${of}: ${suggestName(name, Object.keys(rules))}`,
        name,
      );
    }
    if (value !== undefined) checkArgument(name, value, rule);
  }
}
