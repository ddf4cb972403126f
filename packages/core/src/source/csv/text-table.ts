/** A column with more distinct texts than these is one of free text, as a rule. */
const MOST_TEXTS = 4096;
const LEAST_PLACES = 256;

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
  #starts = new Int32Array(LEAST_PLACES);
  #lengths = new Int32Array(LEAST_PLACES);
  #store = new Uint8Array(LEAST_PLACES * 16);
  #stored = 0;
  #misses = 0;
  #hits = 0;

  /** The text of the bytes from `from` to `to`, whose hash is given, if it is known. */
  find(bytes: Uint8Array, from: number, to: number, hash: number): string | undefined {
    const mask = this.#mask;
    const length = to - from;
    let place = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const text = this.#texts[place];
      if (text === undefined) return undefined;
      if (this.#hashes[place] === hash && this.#lengths[place] === length) {
        const store = this.#store;
        let i = from;
        for (let at = this.#starts[place]!; i < to && store[at] === bytes[i]; at += 1) i += 1;
        if (i === to) {
          this.#hits += 1;
          return text;
        }
      }
      place = (place + 1) & mask;
    }
  }

  /** Takes a text that was not found, if there is room. */
  add(text: string, bytes: Uint8Array, from: number, to: number, hash: number): void {
    this.#misses += 1;
    if (this.#size >= MOST_TEXTS) {
      // Texts that are new count double: to look for one in vain, and to make it, is dear.
      if ((this.#misses & 1023) === 0) this.isUseless = this.#hits < 2 * this.#misses;
      return;
    }
    if (2 * (this.#size + 1) > this.#texts.length) this.#grow();
    this.#size += 1;
    const length = to - from;
    if (this.#stored + length > this.#store.length) {
      const store = new Uint8Array(2 * (this.#stored + length));
      store.set(this.#store.subarray(0, this.#stored));
      this.#store = store;
    }
    for (let i = 0; i < length; i += 1) this.#store[this.#stored + i] = bytes[from + i]!;
    this.#put(text, hash, this.#stored, length);
    this.#stored += length;
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
