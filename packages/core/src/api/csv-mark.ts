import type { Rule } from '../checks/check-arguments.js';

/** A character that parts, quotes or comments rows of CSV: neither names nor numbers have it. */
export function aMark(example: string): Rule {
  return [
    `one character of ASCII that is no letter, digit, dot or sign, such as "${example}"`,
    (value) => typeof value === 'string' && /^[\t -~]$/.test(value) && !/[\w.+-]/.test(value),
  ];
}
