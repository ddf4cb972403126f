/**
 * Clocks and timers as they were when forkfold was loaded: a test that fakes the global ones, as jest, sinon and node:test
 * can, stops neither a retry nor a deadline.
 */
import * as timers from 'node:timers';

export const { setTimeout, clearTimeout, setImmediate } = timers;

const { hrtime } = process;

/**
 * Milliseconds since a moment that is the same for all of a process; never goes backwards. `performance.now` would have Node load
 * `perf_hooks` and what that needs, 2.5 ms of each child.
 */
export function now(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** As `Date.now`, in milliseconds since 1970. */
export const wallClock: () => number = Date.now.bind(Date);
