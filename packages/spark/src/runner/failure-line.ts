import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Spark keeps the last 2048 bytes of a program's stderr; this leaves room for what a shell adds. */
export const LONGEST_LINE = 1900;

/** Opens the last line that a failing runner writes to stderr. */
const WORD = 'FORKFOLD';

/**
 * The line that carries a failure through Spark's error: the first of some versions of it, the fullest first, that fits; without
 * one that fits, a line without a failure.
 */
export function failureLine(versions: Iterable<Uint8Array>): string {
  for (const version of versions) {
    const text = deflateRawSync(version, { level: 9 }).toString('base64');
    const line = `${WORD} ${text.length} ${text}\n`;
    if (line.length <= LONGEST_LINE) return line;
  }
  return `${WORD} 0 \n`;
}

/**
 * The failure in a text that holds the line somewhere: the bytes of the version that was written, `undefined` where there is
 * none, or none whole.
 */
export function failureIn(text: string): Uint8Array | undefined {
  for (const [, length, base64 = ''] of text.matchAll(/FORKFOLD (\d+) ([A-Za-z0-9+/=]*)/g)) {
    if (base64.length === 0 || base64.length !== Number(length)) continue;
    try {
      return inflateRawSync(Buffer.from(base64, 'base64'));
    } catch {
      // What a user's program printed may look like the line.
    }
  }
  return undefined;
}
