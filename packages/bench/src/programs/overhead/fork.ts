/** What a child costs that no library can do without: a fork and a message. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { timed } from '../../measure/report.js';

if (process.send) {
  process.send('started');
  process.disconnect();
} else {
  await timed(async () => {
    const child = fork(fileURLToPath(import.meta.url));
    await new Promise((resolve) => child.once('message', resolve));
  });
}
