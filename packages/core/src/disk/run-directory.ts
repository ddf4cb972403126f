import { randomBytes } from 'node:crypto';
import { accessSync, constants, lstatSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { SourceError } from '../errors.js';
import { RUN_PREFIX } from './run-prefix.js';
import { makeOwned, removeUnused, sweep, type OwnedDirectory } from './owned-directory.js';
import { ownIdentity } from './process-identity.js';
import { isFull, roomElsewhere, writeError } from './write-error.js';

/** Milliseconds until a process looks again at a tmpDir: whether it may write there, and what dead ones have left. */
const LOOK_AGAIN = 600_000;

/** A directory of a run's own for everything that it writes, which is not there before the first file is. */
export interface RunDirectory extends OwnedDirectory {
  /**
   * Makes the directory (mode 0700), if that has not been done. Call it before a file is made in it.
   *
   * @throws SourceError, about this directory, where tmpDir is full or cannot be written to.
   */
  ensure(): void;
}

/** A run's directory in the process that it belongs to. */
export interface OwnRunDirectory extends RunDirectory {
  /** Removes the directory, if anybody has made it; call it when no child of the run is left. */
  remove(): Promise<void>;
  /** The same for a process that is about to exit. */
  removeNow(): void;
}

/** The runs of this process that have not ended. */
const going = new Set<string>();
/** When this process has last looked at a tmpDir. */
const looked = new Map<string, number>();

/**
 * Names a directory under `tmpDir`. The disk is asked nothing, except once in ten minutes: whether this process may write
 * there, and, in the background until the end of the run, what others have left that were killed.
 *
 * @throws SourceError where `tmpDir` cannot be written to.
 */
export function runDirectory(tmpDir: string): OwnRunDirectory {
  const swept = look(tmpDir);
  // Nobody can guess the name, so nobody can have put something there.
  const name = RUN_PREFIX + randomBytes(12).toString('hex');
  const { path, owner, ensure } = openRunDirectory({ path: join(tmpDir, name), owner: ownIdentity() });
  going.add(path);
  return {
    path,
    owner,
    ensure,
    async remove() {
      going.delete(path);
      // One call is all that most runs cost, since they write nothing.
      if (lstatSync(path, { throwIfNoEntry: false })) await removeRunDirectory(path);
      await swept;
    },
    removeNow() {
      going.delete(path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** The same directory in another process, which was told path and owner. */
export function openRunDirectory({ path, owner }: OwnedDirectory): RunDirectory {
  let isMade = false;
  return {
    path,
    owner,
    ensure() {
      if (isMade) return;
      // A task in this process may have been given up, and go on after its run; nobody would remove what it makes.
      if (owner.pid === process.pid && !going.has(path)) throw new Error(`The run of ${path} has ended`);
      try {
        makeOwned({ path, owner });
      } catch (cause) {
        // The file of the error says whose it is: one of the run, and of no source.
        throw refused(dirname(path), cause, path);
      }
      isMade = true;
    },
  };
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
function look(tmpDir: string): Promise<void> | undefined {
  const now = performance.now();
  const last = looked.get(tmpDir);
  if (last !== undefined && now - last < LOOK_AGAIN) return undefined;
  try {
    // With the separator at its end, a file is no directory.
    accessSync(join(tmpDir, sep), constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw refused(tmpDir, cause);
  }
  for (const [other, at] of looked) if (now - at >= LOOK_AGAIN) looked.delete(other);
  looked.set(tmpDir, now);
  return removeOrphans(tmpDir);
}

function refused(tmpDir: string, cause: unknown, file = tmpDir): SourceError {
  if (isFull(cause)) {
    const [what, remedy] = ['temporary data', roomElsewhere()];
    return writeError(cause, { directory: tmpDir, file, done: 0, what, remedy });
  }
  const why = (cause as Error).message;
  return new SourceError(`tmpDir ${tmpDir} cannot be written to: ${why}`, { file }, { cause });
}
