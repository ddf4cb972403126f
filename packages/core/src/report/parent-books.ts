import { peakMemory } from './peak-memory.js';
import type { ParentReport } from './run-report.js';
import { now } from '../timers.js';

/** Keeps the books of the process that has a plan run. */
export class ParentBooks {
  /** Loaded here, since few runs have a report. */
  readonly #performance = process.getBuiltinModule('node:perf_hooks').performance;
  readonly #started = now();
  readonly #loop = this.#performance.eventLoopUtilization();
  readonly #cpu = process.cpuUsage();

  #consumer = 0;

  /** The run has waited so many milliseconds for whoever takes its results. */
  waited(milliseconds: number): void {
    this.#consumer += milliseconds;
  }

  report(): ParentReport {
    const seconds = (now() - this.#started) / 1000;
    // A loop that had not begun when the run did tells of more than the run.
    const busySeconds = Math.min(seconds, this.#performance.eventLoopUtilization(this.#loop).active / 1000);
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      busySeconds,
      consumerSeconds: this.#consumer / 1000,
      idleSeconds: seconds - busySeconds,
      cpuSeconds: (user + system) / 1e6,
      peakBytes: peakMemory(),
    };
  }
}
