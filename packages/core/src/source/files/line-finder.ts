import { closeSync, openSync, readSync } from 'node:fs';
import type { RecordPosition } from '../../errors.js';
import { LF } from './record-blocks.js';

/**
 * Finds lines of a plain file for messages, by reading it again: `find(at, i)` is the position of the line that starts
 * `i` lines after the one at byte `at`. A second call goes on from the first, where it can.
 */
export function lineFinder(file: string): (at: number, i: number) => RecordPosition {
  const begin = { byte: 0, lines: 0 };
  let known = begin;
  return (at, i) => {
    try {
      const descriptor = openSync(file, 'r');
      try {
        const from = known.byte <= at ? known : begin;
        known = { byte: at, lines: from.lines + walk(descriptor, from.byte, at, Infinity).lines };
        return { file, line: known.lines + i + 1, byte: walk(descriptor, at, Infinity, i).byte };
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // The position is for the message of another error, which a file that has vanished must not replace.
      return { file, byte: at };
    }
  };
}

/** So much of a line is read for a message, which shows less. */
const MOST_SHOWN = 16 * 1024;

/** The beginning of the line at a position; undefined where the file is gone. */
export function lineAt(file: string, { byte }: RecordPosition): string | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const buffer = Buffer.allocUnsafe(MOST_SHOWN);
      const bytes = buffer.subarray(0, readSync(descriptor, buffer, 0, MOST_SHOWN, byte ?? 0));
      const end = bytes.indexOf(LF);
      return bytes.toString('utf8', 0, end < 0 ? bytes.length : end).replace(/\r$/, '');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** Counts line ends from `byte` on, until `end` or until there are `most`. */
function walk(descriptor: number, byte: number, end: number, most: number): { byte: number; lines: number } {
  const buffer = Buffer.allocUnsafe(Math.min(256 * 1024, Math.max(0, end - byte)));
  let lines = 0;
  while (byte < end && lines < most) {
    const length = readSync(descriptor, buffer, 0, Math.min(buffer.length, end - byte), byte);
    if (length === 0) break;
    const bytes = buffer.subarray(0, length);
    let next = 0;
    for (let at = bytes.indexOf(LF); at >= 0 && lines < most; at = bytes.indexOf(LF, next)) {
      lines += 1;
      next = at + 1;
    }
    byte += lines < most ? length : next;
  }
  return { byte, lines };
}
