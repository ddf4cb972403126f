import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { root, runCommand } from './run-command.mjs';
import { setup } from './setup.mjs';

/** Files that live in memory, on Linux. */
const MEMORY = '/dev/shm';
/** So many bytes must be free there: several times what the tests have on disk at a time. */
const ROOM = 4 * 2 ** 30;

await setup();

const directory = inMemory();
try {
  // The flags go to this one node: through NODE_OPTIONS every child of every test would inherit them.
  process.exitCode = await runCommand(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      `${root}/node_modules/jest/bin/jest.js`,
      '--config',
      'jest.config.js',
      ...process.argv.slice(2),
    ],
    directory === undefined ? {} : { env: { ...process.env, TMPDIR: directory } },
  );
} finally {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
}

/**
 * A directory for what tests write, tens of thousands of small files: on a disk each takes ten times as long. Undefined where
 * somebody has said where temporary files go, and where memory has no room for them.
 */
function inMemory() {
  if (process.env.TMPDIR !== undefined) return undefined;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize < ROOM ? undefined : mkdtempSync(`${MEMORY}/forkfold-tests-`);
  } catch {
    return undefined;
  }
}
