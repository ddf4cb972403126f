import { closeSync, openSync, writeSync } from 'node:fs';

/** Different words in the text. */
export const DISTINCT = 500_000;

/**
 * Writes a text of about so many bytes: lines of about 70 letters, words of about eight. A word is drawn with a probability
 * that falls with its rank as 1 / rank, as in natural text; one in sixteen is the next that has not come yet, so a large
 * text has all of them, and meets new ones to its end.
 */
export function writeCorpus(path: string, bytes: number): void {
  const words = Array.from({ length: DISTINCT }, (_, rank) => wordOf(rank));
  const random = randomNumbers(1);
  const file = openSync(path, 'wx');
  let [line, block, written, drawn] = ['', '', 0, 0];
  while (written < bytes) {
    const isNext = drawn % 16 === 0;
    const rank = isNext ? (drawn / 16) % DISTINCT : Math.floor(DISTINCT ** random()) - 1;
    drawn += 1;
    line += line === '' ? words[rank]! : ` ${words[rank]!}`;
    if (line.length < 70) continue;
    block += `${line}\n`;
    line = '';
    if (block.length < 2 ** 20) continue;
    written += writeSync(file, block);
    block = '';
  }
  closeSync(file);
}

/** Letters that look nothing like the rank, another word for each: multiplication by an odd number permutes 32 bits. */
function wordOf(rank: number): string {
  let rest = (Math.imul(rank + 1, 2_654_435_761) >>> 0) * 8 + (rank % 8);
  let word = '';
  for (; rest > 0; rest = Math.floor(rest / 26)) word += String.fromCharCode(97 + (rest % 26));
  return word;
}

/** mulberry32: the same numbers every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
