import { resolve } from 'node:path';
import type { RunReporter } from '@forkfold/core';
import { pageOf } from './page.js';

/** Seconds between two versions of the page while the run is under way. */
const EVERY = 2;

/**
 * Shows a run on a page: one file without anything beside it, which works from the disk and offline. It is rewritten every
 * two seconds while the run is under way, and an open page follows. `report: 'run.html'` of a run does the same, where
 * this package is installed; the function is for programs that are bundled.
 *
 * @param path The file; its folder exists, and an earlier file is replaced.
 * @returns What the option `report` takes.
 *
 * @example
 * await range(1_000_000)
 *   .map((n) => Math.sqrt(n))
 *   .reduce((a, b) => a + b)
 *   .run({ report: htmlReport('run.html') });
 */
export function htmlReport(path: string): RunReporter {
  return { path: resolve(path), every: EVERY, render: pageOf };
}
