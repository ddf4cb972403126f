import { accessSync, constants, lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { randomBytes } from './random-bytes.js';
import { removeNow } from './remove-now.js';
import { removeUnused, sweep } from './owned-directory.js';
import { ownIdentity } from './process-identity.js';
import { going, openRunDirectory, refused, type RunDirectory } from './run-directory.js';
import { RUN_PREFIX } from './run-prefix.js';
import { now } from '../timers.js';

/** Milliseconds until a process looks again at a tmpDir: whether it may write there, and what dead ones have left. */
const LOOK_AGAIN = 600_000;

/** A run's directory in the process that it belongs to. */
export interface OwnRunDirectory extends RunDirectory {
  /** Notes that a child may have made the directory. */
  mayBeMade(): void;
  /** Removes the directory, if anybody has made it; call it when no child of the run is left. */
  remove(): Promise<void>;
  /** The same for a process that is about to exit. */
  removeNow(): void;
}

/** When this process has last looked at a tmpDir. */
const looked = new Map<string, number>();

/**
 * Names a directory under `tmpDir`. The disk is asked nothing, except once in ten minutes: whether this process may write
 * there, and, in the background until the end of the run, what others have left that were killed.
 *
 * @param time In milliseconds, as `now` counts them.
 * @throws SourceError where `tmpDir` cannot be written to.
 */
export function runDirectory(tmpDir: string, time = now()): OwnRunDirectory {
  const swept = look(tmpDir, time);
  // Nobody can guess the name, so nobody can have put something there.
  const name = RUN_PREFIX + unguessable();
  const { path, owner, ensure } = openRunDirectory({ path: join(tmpDir, name), owner: ownIdentity() });
  going.add(path);
  let isSuspect = false;
  return {
    path,
    owner,
    ensure() {
      isSuspect = true;
      ensure();
    },
    mayBeMade: () => void (isSuspect = true),
    async remove() {
      going.delete(path);
      if (isSuspect && isThere(path)) await removeRunDirectory(path);
      await swept;
    },
    removeNow() {
      going.delete(path);
      removeNow(path);
    },
  };
}

const NAME_BYTES = 12;
let [pool, used] = [Buffer.alloc(0), 0];

/** A name for a directory. To ask for the bytes of many names at once costs hardly more than for one. */
function unguessable(): string {
  if (used === pool.length) [pool, used] = [randomBytes(64 * NAME_BYTES), 0];
  return pool.toString('hex', used, (used += NAME_BYTES));
}

/** What may not even be looked at was not made: all of this run's processes have the same rights. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED') return false;
    throw error;
  }
}

/** Removes the directories of runs whose process was killed before it could. Never rejects. */
async function removeOrphans(tmpDir: string): Promise<void> {
  await sweep({
    parent: tmpDir,
    prefix: RUN_PREFIX,
    remove: removeRunDirectory,
    removeNameless: removeUnused,
  });
}

async function removeRunDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Begins to remove orphans, unless this process has done so of late. @throws SourceError as `runDirectory` does. */
function look(tmpDir: string, time: number): Promise<void> | undefined {
  const last = looked.get(tmpDir);
  if (last !== undefined && time - last < LOOK_AGAIN) return undefined;
  try {
    // With the separator at its end, a file is no directory.
    accessSync(join(tmpDir, sep), constants.W_OK | constants.X_OK);
  } catch (cause) {
    // A run that writes nothing needs no right to; the others say what they need.
    if ((cause as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED') return undefined;
    throw refused(tmpDir, cause);
  }
  for (const [other, at] of looked) if (time - at >= LOOK_AGAIN) looked.delete(other);
  looked.set(tmpDir, time);
  return removeOrphans(tmpDir);
}
