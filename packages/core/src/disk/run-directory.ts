import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SourceError } from '../errors.js';
import { makeOwned, removeUnused, sweep, type OwnedDirectory } from './owned-directory.js';
import { ownIdentity } from './process-identity.js';
import { isFull, roomElsewhere, writeError } from './write-error.js';

/** How the names of the directories of runs begin, under `tmpDir`; with `permissions`, children write to such ones only. */
export const RUN_PREFIX = 'forkfold-';
/** Removes the directories of runs whose process was killed before it could. Never rejects. */
export async function removeOrphans(tmpDir: string): Promise<void> {
  await sweep({
    parent: tmpDir,
    prefix: RUN_PREFIX,
    remove: removeRunDirectory,
    removeNameless: removeUnused,
  });
}

export async function removeRunDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Makes a run's directory at once. @throws SourceError where `tmpDir` is full or cannot be written to. */
export async function makeRunDirectory(tmpDir: string): Promise<string> {
  const path = nameIn(tmpDir);
  try {
    make({ path, owner: ownIdentity() });
  } catch (error) {
    await removeRunDirectory(path);
    throw error;
  }
  return path;
}

/** Nobody can guess it, so nobody can have put something there. */
function nameIn(tmpDir: string): string {
  return join(tmpDir, RUN_PREFIX + randomBytes(12).toString('hex'));
}

function make(directory: OwnedDirectory): void {
  try {
    makeOwned(directory);
  } catch (cause) {
    throw refused(dirname(directory.path), cause);
  }
}

function refused(tmpDir: string, cause: unknown): SourceError {
  if (isFull(cause)) {
    const [what, remedy] = ['temporary data', roomElsewhere()];
    return writeError(cause, { directory: tmpDir, file: tmpDir, done: 0, what, remedy });
  }
  const why = (cause as Error).message;
  return new SourceError(`tmpDir ${tmpDir} cannot be written to: ${why}`, { file: tmpDir }, { cause });
}
