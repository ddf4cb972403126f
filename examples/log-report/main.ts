import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, range, textLines } from '@forkfold/core';
import { accessLog } from './access-log.job.js';
import { report } from './log-report.job.js';

const requests = Number(process.argv[2] ?? 200_000);
const directory = await mkdtemp(join(tmpdir(), 'log-report-'));
try {
  await using pool = createPool({ processes: 2 });
  const written = accessLog(range(requests), requests).writeText(join(directory, 'log'));
  const { files } = await written.run({ pool });

  const { all, pages, sessions } = await report(textLines(files)).run({ pool });
  console.log(`${all.requests} requests of ${all.users} users in ${sessions} sessions, ${all.failed} failed`);
  console.log(`95 of 100 were answered in ${all.p95.toFixed(0)} milliseconds or less`);
  console.log('url          requests  p95');
  for (const [url, { hits, p95 }] of pages) {
    console.log(`${url.padEnd(12)} ${String(hits).padStart(8)}${p95.toFixed(0).padStart(5)}`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
