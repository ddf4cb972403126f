import { flatText } from '../../values/flat-text.js';

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

/** Takes the next four bytes of a text, the first the lowest, into its hash. */
export function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x85ebca6b);
  return product ^ (product >>> 13);
}

/**
 * Texts by their bytes. What a column repeats becomes one string, which costs no memory anew, and whose hash a `Map`
 * need not compute again. A column that repeats little is found out, and its table given up.
 */
export class TextTable {
  /** Whether the column repeats so little that looking costs more than it saves. */
  isUseless = false;
  #size = 0;
  #mask = LEAST_PLACES - 1;
  /** Open addressing with linear probing, at most half full. */
  #texts = new Array<string | undefined>(LEAST_PLACES).fill(undefined);
  #hashes = new Int32Array(LEAST_PLACES);
  /** Where the bytes of each are, as words of four, the last one filled with zeros. */
  #starts = new Int32Array(LEAST_PLACES);
  #lengths = new Int32Array(LEAST_PLACES);
  #words = new Int32Array(LEAST_PLACES * 4);
  #end = 0;
  #misses = 0;
  #hits = 0;

  /**
   * The text of `length` bytes from `from` on, if it is known.
   *
   * @param view May be read some bytes beyond the text.
   * @param hash Of the bytes: see `hashOf`.
   */
  find(view: DataView, from: number, length: number, hash: number): string | undefined {
    const mask = this.#mask;
    let place = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const text = this.#texts[place];
      if (text === undefined) return undefined;
      if (this.#hashes[place] === hash && this.#lengths[place] === length) {
        const words = this.#words;
        const whole = from + (length & ~3);
        let at = this.#starts[place]!;
        let i = from;
        for (; i < whole && words[at] === view.getInt32(i, true); at += 1) i += 4;
        if (i === whole && ((length & 3) === 0 || words[at] === lastWord(view, i, length & 3))) {
          this.#hits += 1;
          return text;
        }
      }
      place = (place + 1) & mask;
    }
  }

  /** Takes the text of bytes that were not found, if there is room, and gives it as it will be found. */
  add(given: string, view: DataView, { from, length, hash }: Bytes): string {
    this.#misses += 1;
    if (this.#size >= MOST_TEXTS) {
      // Texts that are new count double: to look for one in vain, and to make it, is dear.
      if ((this.#misses & 1023) === 0) this.isUseless = this.#hits < 2 * this.#misses;
      return given;
    }
    const text = flatText(given);
    if (2 * (this.#size + 1) > this.#texts.length) this.#grow();
    this.#size += 1;
    const count = (length + 3) >>> 2;
    if (this.#end + count > this.#words.length) {
      const words = new Int32Array(2 * (this.#end + count));
      words.set(this.#words.subarray(0, this.#end));
      this.#words = words;
    }
    this.#put(text, hash, this.#end, length);
    let i = from;
    for (; i < from + (length & ~3); i += 4) this.#words[this.#end++] = view.getInt32(i, true);
    if ((length & 3) !== 0) this.#words[this.#end++] = lastWord(view, i, length & 3);
    return text;
  }

  #put(text: string, hash: number, start: number, length: number): void {
    let place = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#texts[place] !== undefined) place = (place + 1) & this.#mask;
    this.#texts[place] = text;
    this.#hashes[place] = hash;
    this.#starts[place] = start;
    this.#lengths[place] = length;
  }

  #grow(): void {
    const [texts, hashes, starts, lengths] = [this.#texts, this.#hashes, this.#starts, this.#lengths];
    const places = 2 * texts.length;
    this.#mask = places - 1;
    this.#texts = new Array<string | undefined>(places).fill(undefined);
    this.#hashes = new Int32Array(places);
    this.#starts = new Int32Array(places);
    this.#lengths = new Int32Array(places);
    for (const [i, text] of texts.entries()) {
      if (text !== undefined) this.#put(text, hashes[i]!, starts[i]!, lengths[i]!);
    }
  }
}

/** The hash of bytes, as `find` and `add` want it. */
export function hashOf(view: DataView, from: number, length: number): number {
  const whole = from + (length & ~3);
  let hash = 0;
  let i = from;
  for (; i < whole; i += 4) hash = mixed(hash, view.getInt32(i, true));
  return (length & 3) === 0 ? hash : mixed(hash, lastWord(view, i, length & 3));
}

/** One to three bytes, the first the lowest, and zeros above. */
function lastWord(view: DataView, at: number, bytes: number): number {
  return view.getInt32(at, true) & ((1 << (8 * bytes)) - 1);
}
