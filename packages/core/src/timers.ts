/**
 * Clocks and timers as they were when forkfold was loaded: a test that fakes the global ones, as jest, sinon and node:test
 * can, stops neither a retry nor a deadline.
 */
import * as timers from 'node:timers';

export const { setTimeout, clearTimeout, setImmediate } = timers;

/** As `performance.now`, in milliseconds. */
export const now: () => number = performance.now.bind(performance);

/** As `Date.now`, in milliseconds since 1970. */
export const wallClock: () => number = Date.now.bind(Date);
