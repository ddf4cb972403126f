import { lstat, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceError } from '../errors.js';
import { RUN_PREFIX } from '../options/run-options.js';
import { isAlive, ownIdentity, parseIdentity } from './process-identity.js';
import { isFull, roomElsewhere, writeError } from './write-error.js';

/** Names the process that a directory belongs to. */
const OWNER = 'owner';
/** A directory whose owner has not written its name by then, in milliseconds, never will. */
const NAMELESS = 3_600_000;

/**
 * Makes a directory of the run's own (mode 0700) under `tmpDir`, for everything that the run writes.
 *
 * @throws SourceError where `tmpDir` cannot be written to.
 */
export async function makeRunDirectory(tmpDir: string): Promise<string> {
  let directory: string | undefined;
  try {
    directory = await mkdtemp(join(tmpDir, RUN_PREFIX));
    await writeFile(join(directory, OWNER), JSON.stringify(ownIdentity()), { mode: 0o600 });
    return directory;
  } catch (cause) {
    if (directory !== undefined) await removeRunDirectory(directory);
    if (isFull(cause)) {
      const [what, remedy] = ['temporary data', roomElsewhere()];
      throw writeError(cause, { directory: tmpDir, file: tmpDir, done: 0, what, remedy });
    }
    const why = (cause as Error).message;
    throw new SourceError(`tmpDir ${tmpDir} cannot be written to: ${why}`, { file: tmpDir }, { cause });
  }
}

export async function removeRunDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes the directories of runs whose process was killed before it could. Never rejects. */
export async function removeOrphans(tmpDir: string): Promise<void> {
  const names = await readdir(tmpDir).catch(() => []);
  for (const name of names) {
    if (name.startsWith(RUN_PREFIX)) await removeOrphan(join(tmpDir, name)).catch(() => undefined);
  }
}

async function removeOrphan(directory: string): Promise<void> {
  const { uid, mtimeMs, isDirectory } = await lstatOf(directory);
  // Others' directories in a shared place are none of our business, and what they say of their owner is not to be trusted.
  if (!isDirectory || (process.getuid !== undefined && uid !== process.getuid())) return;
  const name = join(directory, OWNER);
  const text = await readFile(name, 'utf8').catch(() => undefined);
  if (!text) {
    if (Date.now() - mtimeMs < NAMELESS) return;
    if (text === '' && (await readdir(directory)).length === 1) await rm(name);
    // Only an empty one: it may have another purpose.
    return rmdir(directory);
  }
  const owner = parseIdentity(text);
  if (owner !== undefined && !isAlive(owner, mtimeMs)) await removeRunDirectory(directory);
}

async function lstatOf(path: string): Promise<{ uid: number; mtimeMs: number; isDirectory: boolean }> {
  const stats = await lstat(path);
  return { uid: stats.uid, mtimeMs: stats.mtimeMs, isDirectory: stats.isDirectory() };
}
