import type { Settings } from '../options.js';

/** Seconds that a task is to take: the overhead of a task, 0.1 ms, is little beside it, and so is what a crash undoes. */
const SECONDS = 0.03;
/** How many tasks a process is to have in what is left, so that none is long alone at the end. */
const SHARE = 4;
const MOST = 4096;

/**
 * How many chunks a folding task covers: an aligned run of them, which is a subtree of the run's tree, so the answer
 * does not depend on what is decided here. Single chunks first, to see how long they take; longer runs when chunks turn
 * out to be quick; single ones again at the end, for balance.
 */
export interface Pace {
  /** The length of the run that begins at a chunk: a power of two. */
  runFrom(chunk: number): number;
  observe(result: { readonly chunks: number; readonly seconds: number }): void;
}

export function paceOf(count: number, { processes, pool }: Settings): Pace {
  const share = SHARE * Math.max(1, pool?.size ?? processes);
  let secondsAChunk = Infinity;
  return {
    runFrom(chunk) {
      const most = Math.min(SECONDS / secondsAChunk, (count - chunk) / share, MOST);
      let length = 1;
      while (length * 2 <= most && chunk % (length * 2) === 0) length *= 2;
      return length;
    },
    observe({ chunks, seconds }) {
      // A clock with a coarse tick may say that it took no time.
      secondsAChunk = Math.max(seconds, 1e-6) / chunks;
    },
  };
}
