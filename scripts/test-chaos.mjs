/** `npm run test:chaos -- [--short] [--rounds N] [--seed S]`: faults injected into whole runs, to be read as a report. */
import { join } from 'node:path';
import { root, runOrExit } from './run-command.mjs';
import { setup } from './setup.mjs';

await setup();
const folder = join(root, 'packages', 'core', 'test', 'chaos');
for (const program of ['settlement', 'chaos', 'soak', 'leak']) {
  await runOrExit(process.execPath, [
    '--expose-gc',
    join(folder, `${program}.mjs`),
    ...process.argv.slice(2),
  ]);
}
