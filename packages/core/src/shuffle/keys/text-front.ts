import { flatText } from '../../values/flat-text.js';

/** A table with more texts than these has most of its keys behind the front. */
const MOST_TEXTS = 512;
/** So many texts are looked for before the front may be given up. */
const TRIALS = 1024;
/** A table that is asked for fewer texts than these gains nothing. */
const WARM_UP = 256;

/**
 * Records by text, in front of an index. A text that comes again as the very string that it was, as those of `csv` do, is found
 * by the hash that V8 keeps with it, in a third of the time that it takes to look at its characters. Where most texts are not
 * there, the front is given up.
 */
export class TextFront {
  #records: Map<string, number> | undefined = new Map();
  #left = WARM_UP;
  #hits = 0;
  #misses = 0;

  /** The record of a text, or 0. */
  find(text: string): number {
    const found = this.#records?.get(text);
    if (found === undefined) return 0;
    this.#hits += 1;
    return found;
  }

  /** Takes the record of a text that was not found. */
  add(text: string, record: number): void {
    const records = this.#records;
    if (records === undefined) return;
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    this.#misses += 1;
    if (records.size < MOST_TEXTS) records.set(flatText(text), record);
    else if (this.#misses > TRIALS && this.#hits < 4 * this.#misses) this.#records = undefined;
  }

  /** Drops all texts, whose records are not to be found any more. */
  clear(): void {
    this.#records?.clear();
  }
}
