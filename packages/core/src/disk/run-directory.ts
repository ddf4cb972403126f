import { dirname, join } from 'node:path';
import { SourceError } from '../errors.js';
import { permissionRemedy } from './denied.js';
import { makeOwned, type OwnedDirectory } from './owned-directory.js';
import { RUN_PREFIX } from './run-prefix.js';
import { isFull, roomElsewhere, writeError } from './write-error.js';

/** A directory of a run's own for everything that it writes, which is not there before the first file is. */
export interface RunDirectory extends OwnedDirectory {
  /**
   * Makes the directory (mode 0700), if that has not been done. Call it before a file is made in it.
   *
   * @throws SourceError, about this directory, where tmpDir is full or cannot be written to.
   */
  ensure(): void;
}

/** The directories of runs of this process that have not ended. */
export const going = new Set<string>();

/** The directory of a run, in any process that was told path and owner. */
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

export function refused(tmpDir: string, cause: unknown, file = tmpDir): SourceError {
  if (isFull(cause)) {
    const [what, remedy] = ['temporary data', roomElsewhere()];
    return writeError(cause, { directory: tmpDir, file, done: 0, what, remedy });
  }
  const why = `${(cause as Error).message}${permissionRemedy(cause, `${join(tmpDir, RUN_PREFIX)}*`)}`;
  return new SourceError(`tmpDir ${tmpDir} cannot be written to: ${why}`, { file }, { cause });
}
