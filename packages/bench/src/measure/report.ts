import type { Report } from './program.js';

/** Does the work of a measured program and reports its time and what it found. */
export async function timed(work: () => unknown): Promise<void> {
  const started = performance.now();
  const result = await work();
  const report: Report = { seconds: (performance.now() - started) / 1000, result: String(result) };
  console.log(JSON.stringify(report));
}
