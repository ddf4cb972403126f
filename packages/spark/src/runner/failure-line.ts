import { deflateSync, inflateSync } from 'node:zlib';

/** Spark keeps the last 2048 bytes of a program's stderr. A line as long as this is in them whole, its begin anywhere. */
export const LONGEST_LINE = 1900;

/** Opens the line that a failing runner writes to stderr again and again, as the last thing it does. */
const WORD = 'FORKFOLD';

/**
 * The line that carries a failure through Spark's error: the first of some versions of it, the fullest first, that fits; without
 * one that fits, a line without a failure.
 */
export function failureLine(versions: Iterable<Uint8Array>): string {
  for (const version of versions) {
    const text = deflateSync(version, { level: 9 }).toString('base64');
    const line = `${WORD} ${text.length} ${text}\n`;
    if (line.length <= LONGEST_LINE) return line;
  }
  return `${WORD} 0 \n`;
}

/**
 * The failure in a text that holds some of those lines: the bytes of the version that was written, `undefined` where there is none,
 * or none whole. A line that is cut at the end of what Spark keeps goes on before the begin of the same one.
 */
export function failureIn(text: string): Uint8Array | undefined {
  for (const { 1: length, 2: begin = '', index } of text.matchAll(/FORKFOLD (\d+) ([A-Za-z0-9+/=]*)/g)) {
    const missing = Number(length) - begin.length;
    if (missing < 0 || begin === '') continue;
    const end = missing === 0 ? '' : text.slice(Math.max(0, index - 1 - missing), index - 1);
    try {
      return inflateSync(Buffer.from(begin + end, 'base64'));
    } catch {
      // What a user's program printed may look like the line, and a line may be torn.
    }
  }
  return undefined;
}
