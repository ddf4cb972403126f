import type { Report } from './program.js';

/** Does the work of a measured program and reports its time and what it found. */
export async function timed(work: () => unknown): Promise<void> {
  const started = performance.now();
  const result = await work();
  report((performance.now() - started) / 1000, result);
}

/** Does work again and again where all is warm, and reports the median of its times. `digest` is not timed. */
export async function timedWarm<Result>(
  times: { readonly warmUp: number; readonly measured: number },
  work: () => PromiseLike<Result>,
  digest: (result: Result) => string,
): Promise<void> {
  let result = await work();
  for (let i = 1; i < times.warmUp; i += 1) result = await work();
  const seconds: number[] = [];
  for (let i = 0; i < times.measured; i += 1) {
    const started = performance.now();
    result = await work();
    seconds.push((performance.now() - started) / 1000);
  }
  seconds.sort((a, b) => a - b);
  report(seconds[seconds.length >> 1]!, digest(result));
}

function report(seconds: number, result: unknown): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const ownCpu = (userCPUTime + systemCPUTime) / 1e6;
  const said: Report = { seconds, result: String(result), ownCpu, ownMemory: maxRSS / 1024 };
  console.log(JSON.stringify(said));
}
