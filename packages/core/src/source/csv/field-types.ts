import type { ColumnType } from './csv-format.js';
import { timeOf } from './date-field.js';

/** What a text must be to be read as each type, in words. */
export const typesInWords: Readonly<Record<ColumnType, string>> = {
  string: 'a text',
  number: 'a number',
  bigint: 'an integer',
  boolean: 'true or false, t or f, 1 or 0',
  date: 'a date such as 2024-05-01 or 2024-05-01T12:30:00Z',
};

/** An integer of any size; undefined for any other text. */
export function bigintOf(text: string): bigint | undefined {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
}

/** True or false, in any case; undefined for any other text. */
export function booleanOf(text: string): boolean | undefined {
  return booleans.get(text.toLowerCase());
}

/** A day, or a time of a day; undefined for any other text. */
export function dateOf(text: string): Date | undefined {
  const time = timeOf(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}

const booleans = new Map([
  ['true', true],
  ['false', false],
  ['t', true],
  ['f', false],
  ['1', true],
  ['0', false],
]);
