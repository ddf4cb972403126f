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

  const found = await report(textLines(files)).run({ pool });
  const sessions = [...found.sessions.values()].reduce((sum, ofUser) => sum + ofUser, 0);
  console.log(
    `${found.requests} requests of ${found.users} users in ${sessions} sessions, ${found.failed} failed`,
  );
  console.log(`95 of 100 were answered in ${found.p95.toFixed(0)} milliseconds or less`);
  console.log('url          requests  p95');
  const top = [...found.hits].sort(([, a], [, b]) => b - a).slice(0, 5);
  for (const [url, hits] of top) {
    console.log(
      `${url.padEnd(12)} ${String(hits).padStart(8)}${found.slow.get(url)!.toFixed(0).padStart(5)}`,
    );
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
