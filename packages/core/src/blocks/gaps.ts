/** Distances that look random and are the same in every run: what is measured so far apart shares no rhythm with the data. */
export class Gaps {
  #state = 1;

  /** The next one: an integer from 1 to `2 * mean - 1`. */
  next(mean: number): number {
    // A linear congruential generator with the factors of Numerical Recipes.
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor((this.#state / 2 ** 32) * (2 * mean - 1));
  }
}
