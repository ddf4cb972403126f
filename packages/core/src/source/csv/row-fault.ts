import { BadRecord } from '../bad-record.js';

/** Marks a row that is none, in the place of its record: the text of its line. */
export type BadRow = readonly [line: string];

/** What is wrong with a row. It is found as the row is read, and thrown once the row's turn has come. */
export class RowFault extends BadRecord {}

const faults = new WeakMap<BadRow, RowFault>();

/** A row that is none. Messages show its line. */
export function badRow(line: string, fault: RowFault): BadRow {
  const row: BadRow = [line];
  faults.set(row, fault);
  return row;
}

/** Whether what was read is no row. */
export function isBadRow(read: unknown): read is BadRow {
  return Array.isArray(read);
}

export function faultOf(row: BadRow): RowFault {
  return faults.get(row)!;
}
