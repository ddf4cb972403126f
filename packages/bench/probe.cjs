'use strict';
// Preloaded into measured programs where the system does not tell of them: says at exit what this process used.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage = { cpu: (userCPUTime + systemCPUTime) / 1e6, maxRSS };
    writeFileSync(join(process.env.FORKFOLD_BENCH_PROBE, String(process.pid)), JSON.stringify(usage));
  });
}
