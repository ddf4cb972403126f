import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdict } from '../programs/word-count/verdict.js';
import { LineWriter } from './line-writer.js';
import { randomNumbers } from './random-numbers.js';

export interface WordFacts {
  readonly verdict: string;
  readonly words: number;
}

/** Writes a text of about so many bytes that has so many different words. */
export function writeText(path: string, bytes: number, different: number): WordFacts {
  const lines = new RandomLines(different);
  const file = new LineWriter(path);
  for (let written = 0; written < bytes;) {
    const line = lines.next();
    file.add(line);
    written += line.length + 1;
  }
  file.close();
  return lines.facts();
}

/** Writes files of about 4 KB, a thousand to a folder. */
export function writeSmallTexts(path: string, files: number, different: number): WordFacts {
  const lines = new RandomLines(different);
  for (let i = 0; i < files; i += 1) {
    const folder = join(path, String(Math.floor(i / 1000)).padStart(3, '0'));
    if (i % 1000 === 0) mkdirSync(folder, { recursive: true });
    let text = '';
    while (text.length < 4096) text += `${lines.next()}\n`;
    writeFileSync(join(folder, `${String(i % 1000).padStart(3, '0')}.txt`), text);
  }
  return lines.facts();
}

/**
 * Lines of about 70 letters, words of about eight. A word is drawn with a probability that falls with its rank as
 * 1 / rank, as in natural text; one in sixteen is the next that has not come yet, so a large text has all of them, and
 * meets new ones to its end.
 */
class RandomLines {
  readonly #words: readonly string[];
  readonly #counts: Uint32Array;
  readonly #random = randomNumbers(1);
  #drawn = 0;

  constructor(different: number) {
    this.#words = Array.from({ length: different }, (_, rank) => wordOf(rank));
    this.#counts = new Uint32Array(different);
  }

  next(): string {
    const different = this.#words.length;
    let line = '';
    while (line.length < 70) {
      const isNext = this.#drawn % 16 === 0;
      const rank = isNext ? (this.#drawn / 16) % different : Math.floor(different ** this.#random()) - 1;
      this.#drawn += 1;
      this.#counts[rank]! += 1;
      line += line === '' ? this.#words[rank]! : ` ${this.#words[rank]!}`;
    }
    return line;
  }

  facts(): WordFacts {
    return { verdict: verdict(this.#counts.filter((n) => n > 0)), words: this.#drawn };
  }
}

/** Letters that look nothing like the rank, another word for each: multiplication by an odd number permutes 32 bits. */
function wordOf(rank: number): string {
  let rest = (Math.imul(rank + 1, 2_654_435_761) >>> 0) * 8 + (rank % 8);
  let word = '';
  for (; rest > 0; rest = Math.floor(rest / 26)) word += String.fromCharCode(97 + (rest % 26));
  return word;
}
