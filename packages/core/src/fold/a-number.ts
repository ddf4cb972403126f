import { show } from '../checks/wrong-argument.js';

/** JavaScript would add up texts, or take them for numbers. @throws TypeError for what is no number. */
export function aNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new TypeError(`${name} takes numbers, got ${show(value)}: map the records to numbers first`);
}
