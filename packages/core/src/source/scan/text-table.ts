import { flatText } from '../../values/flat-text.js';
import { mixed } from '../../values/mixed.js';

/** A column with more distinct texts than these is one of free text, as a rule. */
const MOST_TEXTS = 4096;
const LEAST_PLACES = 256;

/** Where the bytes of a text are. */
interface Bytes {
  readonly from: number;
  readonly length: number;
  /** As of `hashOf`; another one for bytes that mean another text. */
  readonly hash: number;
}

/** A place holds the hash of a text, where its bytes begin, how many they are, and its number; a free one has a number of 0. */
const [HASH, START, LENGTH, NUMBER] = [0, 1, 2, 3];

/**
 * Texts by their bytes. What a column repeats becomes one string, which costs no memory anew, and whose hash a `Map`
 * need not compute again. A column that repeats little is found out, and its table given up.
 */
export class TextTable {
  /** The texts by their numbers, from 1 on. */
  readonly texts: string[] = [''];
  /** Whether the column repeats so little that looking costs more than it saves. */
  isUseless = false;
  /** Open addressing with linear probing, at most half full: four words a place. */
  #places = new Int32Array(4 * LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  /** The bytes of all texts, as words of four, the last one of each with three at most, and zeros. */
  #words = new Int32Array(LEAST_PLACES * 4);
  #end = 0;
  #misses = 0;
  #hits = 0;
  readonly #trial: number;

  /** @param trial After so many texts it is given up, if they were met again less than a quarter as often. */
  constructor(trial = MOST_TEXTS) {
    this.#trial = trial;
  }

  /**
   * The number of the text of `length` bytes from `from` on, or 0 if it is not known.
   *
   * @param view May be read some bytes beyond the text.
   * @param hash Of the bytes: see `hashOf`.
   */
  find(view: DataView, from: number, length: number, hash: number): number {
    const mask = this.#mask;
    const places = this.#places;
    let place = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = 4 * place;
      const number = places[entry + NUMBER]!;
      if (number === 0) return 0;
      if (places[entry + HASH] === hash && places[entry + LENGTH] === length) {
        const words = this.#words;
        const whole = from + (length & ~3);
        let at = places[entry + START]!;
        let i = from;
        for (; i < whole && words[at] === view.getInt32(i, true); at += 1) i += 4;
        if (i === whole && words[at] === (view.getInt32(i, true) & ((1 << (8 * (length & 3))) - 1))) {
          this.#hits += 1;
          return number;
        }
      }
      place = (place + 1) & mask;
    }
  }

  /** Takes the text of bytes that were not found, if there is room, and gives its number; 0 where there is none. */
  add(text: string, view: DataView, { from, length, hash }: Bytes): number {
    this.#misses += 1;
    if (this.#misses === this.#trial && 4 * this.#hits < this.#misses) this.#giveUp();
    if (this.isUseless) return 0;
    if (this.texts.length > MOST_TEXTS) {
      // Texts that are new count double: to look for one in vain, and to make it, is dear.
      if ((this.#misses & 1023) === 0 && this.#hits < 2 * this.#misses) this.#giveUp();
      return 0;
    }
    const number = this.texts.push(flatText(text)) - 1;
    if (8 * number > this.#places.length) this.#grow();
    const count = (length >>> 2) + 1;
    if (this.#end + count > this.#words.length) {
      const words = new Int32Array(2 * (this.#end + count));
      words.set(this.#words.subarray(0, this.#end));
      this.#words = words;
    }
    const entry = this.#free(hash);
    this.#places.set([hash, this.#end, length, number], entry);
    let i = from;
    for (; i < from + (length & ~3); i += 4) this.#words[this.#end++] = view.getInt32(i, true);
    this.#words[this.#end++] = lastWord(view, i, length & 3);
    return number;
  }

  #giveUp(): void {
    this.isUseless = true;
    this.texts.length = 1;
    this.#places = new Int32Array(4);
    this.#mask = 0;
    this.#words = new Int32Array(0);
  }

  /** Where the words of a free place for a text begin. */
  #free(hash: number): number {
    let place = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#places[4 * place + NUMBER] !== 0) place = (place + 1) & this.#mask;
    return 4 * place;
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Int32Array(2 * before.length);
    this.#mask = this.#places.length / 4 - 1;
    for (let entry = 0; entry < before.length; entry += 4) {
      if (before[entry + NUMBER] === 0) continue;
      this.#places.set(before.subarray(entry, entry + 4), this.#free(before[entry + HASH]!));
    }
  }
}

/** The hash of bytes, as `find` and `add` want it: of the words of four, and of what is left, even if that is nothing. */
export function hashOf(view: DataView, from: number, length: number): number {
  const whole = from + (length & ~3);
  let hash = 0;
  let i = from;
  for (; i < whole; i += 4) hash = mixed(hash, view.getInt32(i, true));
  return mixed(hash, lastWord(view, i, length & 3));
}

/** None to three bytes, the first the lowest, and zeros above. */
function lastWord(view: DataView, at: number, bytes: number): number {
  return view.getInt32(at, true) & ((1 << (8 * bytes)) - 1);
}
