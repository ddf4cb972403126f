/** Ten thousand runs on one pool: memory and handles stay flat. Run with --expose-gc. */
import assert from 'node:assert/strict';
import { createPool, range } from '@forkfold/core';
import { isShort } from './harness.mjs';

const runs = isShort ? 400 : 10_000;
const pool = createPool({ processes: 2 });
const samples = [];

for (let run = 0; run < runs; run += 1) {
  const plan = range(run % 50).map((n) => n * 2);
  if (run % 10 === 9) {
    assert.equal(
      (
        await plan
          .map((n) => [n % 3, n])
          .reduceByKey((a, b) => a + b)
          .toArray()
          .run({ pool })
      ).length,
      Math.min(3, run % 50),
    );
  } else assert.equal(await plan.count().run({ pool }), run % 50);
  if (run % (runs / 10) === runs / 10 - 1) {
    globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    samples.push({
      runs: run + 1,
      heap: heapUsed / 2 ** 20,
      rss: rss / 2 ** 20,
      handles: process.getActiveResourcesInfo().length,
    });
  }
}
await pool.close();
console.table(
  samples.map(({ runs, heap, rss, handles }) => ({
    runs,
    heapMB: heap.toFixed(1),
    rssMB: rss.toFixed(1),
    handles,
  })),
);
// The first tenth warms caches up; after it, nothing may grow with the number of runs.
const [, second] = samples;
const last = samples.at(-1);
const growth = last.heap - second.heap;
assert.ok(growth < 3, `the heap grew by ${growth.toFixed(1)} MB over ${last.runs - second.runs} runs`);
assert.ok(last.handles <= second.handles + 2, `handles grew from ${second.handles} to ${last.handles}`);
console.log(
  `soak: ${runs} runs on one pool; heap ${growth >= 0 ? '+' : ''}${growth.toFixed(2)} MB after the first fifth, handles flat`,
);
