import type { Settings } from '../options/settings.js';

/** How long tasks are to be. */
export interface Stride {
  /** Seconds that a task is to take at most: its overhead, 0.1 ms, is little beside it, and so is what a crash undoes. */
  readonly seconds: number;
  /** How many tasks a process is to have in what is left, so that none is long alone at the end. */
  readonly share: number;
  /** Whether a task must be a subtree of the run's tree: a power of two of chunks, at a multiple of it. */
  readonly isAligned: boolean;
}

/** Folding tasks are short, so that processes finish together. */
export const foldStride: Stride = { seconds: 0.05, share: 4, isAligned: true };

/** Tasks that combine by key are long: the more chunks they see, the more often they meet a key again, and the less travels. */
export const combineStride: Stride = { seconds: 1, share: 2, isAligned: false };

/** Tasks of few records of keyed verbs take several extents, and gain nothing from more. */
export const extentStride: Stride = { seconds: 0.05, share: 2, isAligned: false };

/** Tasks whose records are collected are short, so that the first ones come early and order holds up little. */
export const collectStride: Stride = { seconds: 0.05, share: 2, isAligned: false };

const MOST = 4096;
/** Nothing is gained by a task that takes less, in seconds: to send it and to hear of it takes some tenths of that. */
const LEAST_SECONDS = 0.001;

/**
 * How many chunks a task covers, where the answer does not depend on it. Single chunks first, to see how long they take;
 * longer spans when chunks turn out to be quick; shorter ones again at the end, for balance.
 */
export interface Pace {
  /** The length of the span that begins at a chunk. */
  spanFrom(chunk: number): number;
  observe(result: { readonly chunks: number; readonly seconds: number }): void;
}

/**
 * @param count Infinity where it is not known.
 * @param least Chunks that a task is to cover however long they take, as long as there are enough for all processes.
 */
export function paceOf(count: number, stride: Stride, settings: Settings, least = 1): Pace {
  const { processes, pool, chunkSize, chunkBytes } = settings;
  const share = stride.share * Math.max(1, pool?.size ?? processes);
  // Who chooses the size of chunks may want to follow them one by one, and a fold is told where it failed on the run's tree.
  const isFree = (chunkSize ?? chunkBytes) === undefined && !stride.isAligned;
  const leastSeconds = isFree ? LEAST_SECONDS : 0;
  let secondsAChunk = Infinity;
  let seen = 0;
  return {
    spanFrom(chunk) {
      const quick = Math.max(least, stride.seconds / secondsAChunk);
      // What is pulled ahead of an iterable's results grows with these, so that nobody waits for what nobody may want.
      const pulled = Number.isFinite(count) ? (count - chunk) / share : Math.max(least, seen / 4);
      const wanted = Math.max(Math.min(quick, pulled), leastSeconds / secondsAChunk);
      const most = Math.min(wanted, count - chunk, MOST);
      if (!stride.isAligned) return Math.max(1, Math.floor(most));
      let length = 1;
      while (length * 2 <= most && chunk % (length * 2) === 0) length *= 2;
      return length;
    },
    observe({ chunks, seconds }) {
      // A clock with a coarse tick may say that it took no time.
      secondsAChunk = Math.max(seconds, 1e-6) / chunks;
      seen += chunks;
    },
  };
}
