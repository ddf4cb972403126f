import type { PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from '../../timers.js';

let observer: PerformanceObserver | undefined;
let seconds = 0;

function add(entries: readonly PerformanceEntry[]): void {
  for (const { duration } of entries) seconds += duration / 1000;
}

/** Notes from now on how long this process collects garbage. */
export function watchGarbage(): void {
  if (observer !== undefined) return;
  // Most children are never watched, and need not load it.
  const { PerformanceObserver } = process.getBuiltinModule('node:perf_hooks');
  observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
}

/** Nobody wants to know any more. */
export function ignoreGarbage(): void {
  observer?.disconnect();
  observer = undefined;
  seconds = 0;
}

/** Seconds that went into it since this was asked last. */
export async function garbageSeconds(): Promise<number> {
  // V8 tells of a collection in the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  add(observer?.takeRecords() ?? []);
  const given = seconds;
  seconds = 0;
  return given;
}
