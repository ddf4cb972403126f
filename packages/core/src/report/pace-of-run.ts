import type { Progress } from './progress.js';

/** Seconds that the recent pace is taken from. */
const RECENT = 5;

/** Guesses how long a stage will take, by the chunks that were worked on. */
export class PaceOfRun {
  /** When so many chunks were finished, the last few seconds and one before. */
  #marks: { readonly at: number; readonly chunks: number }[];
  readonly #began: number;
  #chunks = 0;

  /** @param at When the stage began, in seconds. */
  constructor(at: number) {
    this.#began = at;
    this.#marks = [{ at, chunks: 0 }];
  }

  /** So many chunks more were worked on. */
  add(chunks: number, at: number): void {
    this.#chunks += chunks;
    this.#marks.push({ at, chunks: this.#chunks });
    while (this.#marks.length > 1 && this.#marks[1]!.at < at - RECENT) this.#marks.shift();
  }

  /**
   * @param left Chunks that are left.
   * @param partly So many were worked on besides, by tasks that are under way.
   */
  eta(left: number, at: number, partly = 0): Progress['eta'] {
    const done = this.#chunks + partly;
    if (done === 0) return undefined;
    const whole = (left * (at - this.#began)) / done;
    const { at: since, chunks } = this.#marks[0]!;
    const recent = done === chunks ? whole : (left * (at - since)) / (done - chunks);
    return { min: Math.min(whole, recent), max: Math.max(whole, recent) };
  }
}
