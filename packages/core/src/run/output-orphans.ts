import { lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, ownIdentity, parseIdentity } from './process-identity.js';

/** Ends the name of an earlier output that is being replaced. */
export const REPLACED = '-replaced';
const OWNER = 'owner';
/** What has no owner is being moved to its place, or its process was killed then; after this time, in milliseconds. */
const NAMELESS = 3_600_000;

/** How the names of what a run writes, before it becomes `directory`, begin. */
export function stagingPrefix(directory: string): string {
  return join(dirname(directory), `.${basename(directory)}.forkfold-`);
}

/** Notes in `attempts` which process works there. */
export async function markOwner(attempts: string): Promise<void> {
  await writeFile(join(attempts, OWNER), JSON.stringify(ownIdentity()), { mode: 0o600 });
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
  const attempts = join(path, 'attempts');
  const owner = await readFile(join(attempts, OWNER), 'utf8').then(parseIdentity, () => undefined);
  const isDead =
    owner === undefined
      ? Date.now() - ctimeMs > NAMELESS
      : !isAlive(owner, Math.max(ctimeMs, (await lstat(attempts)).mtimeMs));
  if (!isDead) return;
  const isInPlace = await lstat(directory).then(
    () => true,
    () => false,
  );
  // Killed between the two steps of the exchange: the earlier output comes back.
  if (path.endsWith(REPLACED) && !isInPlace) await rename(path, directory);
  else await rm(path, { recursive: true, force: true, maxRetries: 3 });
}
