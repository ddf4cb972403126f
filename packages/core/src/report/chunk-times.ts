import type { ChunkSeconds, SlowChunk } from './run-report.js';
import type { TimeClass } from './run-snapshot.js';

/** Neighbouring classes of the histogram differ by 2 %, and each tells its middle. */
const STEP = Math.log(1.02);
/** What took less counts as this, in seconds. */
const LEAST = 1e-6;
/** So many of the slowest chunks are described. */
const SLOWEST = 10;

/** How long chunks took: a histogram, since there may be millions, and the slowest of them. */
export class ChunkTimes {
  readonly #classes = new Map<number, number>();
  #count = 0;
  #min = Infinity;
  #max = 0;
  #total = 0;
  #slowest: SlowChunk[] = [];

  /** @param describe Describes the chunk, where it is one of the slowest so far. */
  add(seconds: number, describe: () => Omit<SlowChunk, 'seconds'>): void {
    const number = Math.floor(Math.log(Math.max(seconds, LEAST) / LEAST) / STEP);
    this.#classes.set(number, (this.#classes.get(number) ?? 0) + 1);
    this.#count += 1;
    this.#total += seconds;
    this.#min = Math.min(this.#min, seconds);
    this.#max = Math.max(this.#max, seconds);
    const last = this.#slowest[SLOWEST - 1];
    if (last !== undefined && last.seconds >= seconds) return;
    const { chunk, ...rest } = describe();
    this.#slowest.push({ chunk, seconds, ...rest });
    this.#slowest.sort((a, b) => b.seconds - a.seconds);
    this.#slowest.length = Math.min(SLOWEST, this.#slowest.length);
  }

  get count(): number {
    return this.#count;
  }

  /** Seconds of all chunks. */
  get total(): number {
    return this.#total;
  }

  get slowest(): readonly SlowChunk[] {
    return this.#slowest;
  }

  /** Zeros, where there was none. */
  summary(): ChunkSeconds {
    if (this.#count === 0) return { min: 0, median: 0, p95: 0, max: 0 };
    return { min: this.#min, median: this.#quantile(0.5), p95: this.#quantile(0.95), max: this.#max };
  }

  /** How many chunks took about so long, the quickest first. */
  classes(): TimeClass[] {
    return this.#sorted().map((number) => ({
      seconds: middleOf(number),
      chunks: this.#classes.get(number)!,
    }));
  }

  #sorted(): number[] {
    return [...this.#classes.keys()].sort((a, b) => a - b);
  }

  #quantile(share: number): number {
    const rank = Math.ceil(share * this.#count);
    let below = 0;
    for (const number of this.#sorted()) {
      below += this.#classes.get(number)!;
      if (below < rank) continue;
      return Math.min(this.#max, Math.max(this.#min, middleOf(number)));
    }
    return this.#max;
  }
}

function middleOf(number: number): number {
  return LEAST * Math.exp((number + 0.5) * STEP);
}
