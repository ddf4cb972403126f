import { wrongArgument } from '../source/wrong-argument.js';

/** @throws OptionError */
export function checkPositive(option: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 1) {
    throw wrongArgument(option, 'an integer of at least 1', value);
  }
}
