import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { runJest } from './run-jest.mjs';
import { setup } from './setup.mjs';

/** Files that live in memory, on Linux. */
const MEMORY = '/dev/shm';
/** So many bytes must be free there: several times what the tests have on disk at a time. */
const ROOM = 4 * 2 ** 30;

await setup();

const directory = inMemory();
try {
  const env = directory === undefined ? process.env : { ...process.env, TMPDIR: directory };
  process.exitCode = await runJest('jest.config.js', { env });
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
    if (bavail * bsize < ROOM) return undefined;
    const directory = mkdtempSync(`${MEMORY}/forkfold-tests-`);
    // Some tests start programs of other users.
    chmodSync(directory, 0o755);
    return directory;
  } catch {
    return undefined;
  }
}
