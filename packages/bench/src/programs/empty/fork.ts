/** What two children cost that no library can do without: two forks and a message of each. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (process.send) {
  process.send('started');
  process.disconnect();
} else {
  const children = [0, 1].map(() => fork(fileURLToPath(import.meta.url)));
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))));
}
