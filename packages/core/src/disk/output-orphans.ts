import { existsSync, renameSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, ownIdentity, parseIdentity } from './process-identity.js';

/** Ends the name of the directory that an earlier output is moved to while it is replaced, next to its owner's name. */
const REPLACED = '-replaced';
const EARLIER = 'output';
const OWNER = 'owner';
/** What has no owner is being moved to its place, or its process was killed then; after this time, in milliseconds. */
const NAMELESS = 3_600_000;

/** How the names of what a run writes, before it becomes `directory`, begin. */
export function stagingPrefix(directory: string): string {
  return join(dirname(directory), `.${basename(directory)}.forkfold-`);
}

/** Notes in a directory which process works there. */
export async function markOwner(place: string): Promise<void> {
  await writeFile(join(place, OWNER), JSON.stringify(ownIdentity()), { mode: 0o600, flush: true });
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
  const prefix = basename(stagingPrefix(directory));
  const names = await readdir(dirname(directory)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    await removeOrphan(join(dirname(directory), name), directory).catch(() => undefined);
  }
}

async function removeOrphan(path: string, directory: string): Promise<void> {
  const { uid, ctimeMs } = await lstat(path);
  if (process.getuid !== undefined && uid !== process.getuid()) return;
  const isReplaced = path.endsWith(REPLACED);
  const place = isReplaced ? path : join(path, 'attempts');
  const owner = await readFile(join(place, OWNER), 'utf8').then(parseIdentity, () => undefined);
  const isDead =
    owner === undefined
      ? Date.now() - ctimeMs > NAMELESS
      : !isAlive(owner, Math.max(ctimeMs, (await lstat(place)).mtimeMs));
  if (!isDead) return;
  // Killed between the two steps of the exchange: the earlier output comes back.
  if (isReplaced) settleReplaced(path.slice(0, -REPLACED.length), directory);
  else await rm(path, { recursive: true, force: true, maxRetries: 3 });
}
