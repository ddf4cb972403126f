import { flatText } from '../../values/flat-text.js';

/** A table with more texts than these has most of its keys behind the front. */
const MOST_TEXTS = 512;
/** So many texts are looked for before the front, or what readers say of texts, may be given up. */
const TRIALS = 1024;
/** A table that is asked for fewer texts than these gains nothing. */
const WARM_UP = 256;
/** Readers that know more texts of a column have no number for what comes next. */
const MOST_HINTS = 4097;

/**
 * Numbers of an owner by text, in front of an index. A text that comes again as the very string that it was, as those of `csv` do,
 * is found by the hash that V8 keeps with it, in a third of the time that it takes to look at its characters, and in a tenth of it
 * by what its reader says of it: see `Batch.hints`. Where most texts are not there, the front is given up.
 */
export class TextFront {
  #numbers: Map<string, number> | undefined = new Map();
  #left = WARM_UP;
  #hits = 0;
  #misses = 0;
  /** The texts that were last looked for with each hint, and their numbers, or 0. No text has a hint of 0. */
  #hinted: string[] = [''];
  #hintedNumbers = new Int32Array(1);
  #mostHints = MOST_HINTS;
  #rightHints = 0;
  #wrongHints = 0;

  /**
   * The number of a text, or 0.
   *
   * @param hint As a rule, the same one for the same text only; 0 where nothing is known of it.
   */
  find(text: string, hint = 0): number {
    // There is one call of `#search`: V8 would drop its code when a second one is first needed.
    if (hint !== 0 && hint < this.#hinted.length && this.#hinted[hint] === text) {
      const number = this.#hintedNumbers[hint]!;
      if (number !== 0) {
        this.#rightHints += 1;
        return number;
      }
    }
    return this.#search(text, hint);
  }

  /** Takes the number, from 1 on, of a text that was not found. */
  add(text: string, number: number, hint = 0): void {
    if (hint !== 0 && hint < this.#mostHints) this.#keepHint(text, hint, number);
    const numbers = this.#numbers;
    if (numbers === undefined) return;
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    this.#misses += 1;
    if (numbers.size < MOST_TEXTS) numbers.set(flatText(text), number);
    else if (this.#misses > TRIALS && this.#hits < 4 * this.#misses) this.#numbers = undefined;
  }

  /** Drops all numbers, which mean nothing any more. */
  clear(): void {
    this.#numbers?.clear();
    this.#hintedNumbers.fill(0);
  }

  #search(text: string, hint: number): number {
    const found = this.#numbers?.get(text);
    if (found === undefined) return 0;
    this.#hits += 1;
    if (hint !== 0 && hint < this.#mostHints) this.#keepHint(text, hint, found);
    return found;
  }

  #keepHint(text: string, hint: number, number: number): void {
    if (hint >= this.#hinted.length) this.#growHints(hint);
    const before = this.#hinted[hint]!;
    // In this order, so that V8 has seen both comparisons when it compiles them.
    if (before !== text && before !== '') {
      this.#wrongHints += 1;
      if (this.#wrongHints > TRIALS && this.#rightHints < 4 * this.#wrongHints) {
        [this.#hinted, this.#mostHints] = [[''], 0];
        return;
      }
    }
    this.#hinted[hint] = flatText(text);
    this.#hintedNumbers[hint] = number;
  }

  #growHints(hint: number): void {
    const length = Math.min(this.#mostHints, 2 * hint + 64);
    const numbers = new Int32Array(length);
    numbers.set(this.#hintedNumbers);
    this.#hintedNumbers = numbers;
    this.#hinted = Array.from({ length }, (_, i) => this.#hinted[i] ?? '');
  }
}
