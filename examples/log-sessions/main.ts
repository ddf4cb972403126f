import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, textLines } from '@forkfold/core';
import { generateLogs } from './generate-logs.js';
import { devices, sessions } from './log-sessions.job.js';

const directory = await mkdtemp(join(tmpdir(), 'log-sessions-'));
try {
  const paths = { requests: join(directory, 'requests.log'), logins: join(directory, 'logins.log') };
  await generateLogs(paths);
  const [requests, logins] = [textLines(paths.requests), textLines(paths.logins)];

  // One pool for both runs: the second finds its children warm.
  await using pool = createPool({ processes: 2 });
  console.log('device   sessions  requests  mean minutes');
  const table = await devices(requests, logins).toArray().run({ pool });
  for (const [device, total] of table) {
    const minutes = (total.seconds / total.sessions / 60).toFixed(1);
    console.log(
      `${device.padEnd(9)}${String(total.sessions).padStart(8)}${String(total.requests).padStart(10)}${minutes.padStart(14)}`,
    );
  }

  const busiest = await sessions(requests, logins)
    .top(3, (session) => session.requests)
    .run({ pool });
  console.log('The three busiest sessions:');
  for (const { user, requests, seconds, device } of busiest)
    console.log(`  ${user}, ${requests} requests in ${(seconds / 60).toFixed(0)} minutes, ${device}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
