import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { markOwner, sweep } from '../disk/owned-directory.js';

/** Where in a staging directory attempts write. It holds the owner's name, since the staging directory itself becomes the output. */
const ATTEMPTS = 'attempts';
/** Ends the name of the directory that an earlier output is moved to while it is replaced, next to its owner's name. */
const REPLACED = '-replaced';
const EARLIER = 'output';

/** How the names of what a run writes, before it becomes `directory`, begin. */
export function stagingPrefix(directory: string): string {
  return join(dirname(directory), `.${basename(directory)}.forkfold-`);
}

export function attemptsIn(staging: string): string {
  return join(staging, ATTEMPTS);
}

/** Makes the place that attempts write to, in a staging directory that was just made. */
export async function makeAttempts(staging: string): Promise<void> {
  await mkdir(attemptsIn(staging));
  await markOwner(attemptsIn(staging));
}

/** Makes the place that an earlier output is moved to; gives the path that it is to have there. */
export async function makeReplaced(staging: string): Promise<string> {
  await mkdir(staging + REPLACED);
  await markOwner(staging + REPLACED);
  return join(staging + REPLACED, EARLIER);
}

/** Removes an earlier output that was replaced; one whose place is empty goes back to it. */
export function settleReplaced(staging: string, directory: string): void {
  const earlier = join(staging + REPLACED, EARLIER);
  if (existsSync(earlier) && !existsSync(directory)) renameSync(earlier, directory);
  rmSync(staging + REPLACED, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes what runs have left that were to write `directory`, and whose process was killed. Never rejects. */
export async function removeOrphans(directory: string): Promise<void> {
  const isReplaced = (path: string): boolean => path.endsWith(REPLACED);
  const remove = async (path: string): Promise<void> => {
    // A run was killed between the two steps of the exchange, so the earlier output comes back.
    if (isReplaced(path)) settleReplaced(path.slice(0, -REPLACED.length), directory);
    else await rm(path, { recursive: true, force: true, maxRetries: 3 });
  };
  await sweep({
    parent: dirname(directory),
    prefix: basename(stagingPrefix(directory)),
    marked: (path) => (isReplaced(path) ? path : attemptsIn(path)),
    remove,
    removeNameless: remove,
  });
}
