import { closeSync, openSync, readSync } from 'node:fs';

export interface ByteRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** What a user of a plain pool writes by hand: counts the words of the lines that start in a byte range. */
export default function countRange({ path, start, end }: ByteRange): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of linesOf(path, start, end)
    .toLowerCase()
    .match(/[a-z]+/g) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** More than the longest line. */
const MARGIN = 4096;

function linesOf(path: string, start: number, end: number): string {
  const file = openSync(path, 'r');
  const from = Math.max(0, start - 1);
  const bytes = Buffer.alloc(end + MARGIN - from);
  const length = readSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
  const text = bytes.toString('latin1', 0, length);
  const first = start === 0 ? 0 : text.indexOf('\n') + 1;
  const last = text.indexOf('\n', end - from - 1);
  return text.slice(first, last === -1 ? undefined : last);
}

/** Cuts a file into ranges. */
export function rangesOf(path: string, size: number, count: number): ByteRange[] {
  const length = Math.ceil(size / count);
  return Array.from({ length: count }, (_, i) => ({
    path,
    start: i * length,
    end: Math.min(size, (i + 1) * length),
  }));
}

/** Adds the counts of the ranges up. */
export function merged(parts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const part of parts) for (const [word, n] of part) counts.set(word, (counts.get(word) ?? 0) + n);
  return counts;
}
