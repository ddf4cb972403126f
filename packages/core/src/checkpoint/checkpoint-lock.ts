import { permissionRemedy } from '../disk/denied.js';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwner, writeOwner } from '../disk/owned-directory.js';
import { isAlive, ownIdentity, parseIdentity } from '../disk/process-identity.js';
import { isFull, roomElsewhere, writeError } from '../disk/write-error.js';
import { OptionError } from '../errors.js';

/** The names that a lock has on its way: `lock-<pid>-<uuid>`, perhaps with an ending. */
const temporary = /^lock-\d+-[0-9a-f-]{36}(-dead)?$/;

/** Whether a file of a checkpoint is a lock that a run has left, or holds; true of one that is just gone. */
export async function isLock(root: string, name: string): Promise<boolean> {
  if (name !== 'lock') return temporary.test(name);
  return readFile(join(root, name), 'utf8').then(
    (text) => parseIdentity(text) !== undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}

/**
 * Takes the directory for this process. A lock whose owner is dead, or that names nobody, is broken.
 *
 * @throws OptionError where a run that is going on has it.
 */
export async function lockCheckpoint(root: string): Promise<() => Promise<void>> {
  const path = join(root, 'lock');
  const own = `${path}-${process.pid}-${randomUUID()}`;
  await writeOwner(own).catch((cause: unknown) => {
    rmSync(own, { force: true });
    throw beginError(root, cause);
  });
  try {
    // A link appears with its content, so nobody reads a lock without its owner's name.
    while (!(await tryLink(own, path))) await breakLock(root, path, `${own}-dead`);
  } finally {
    await unlink(own);
  }
  return () => unlink(path).catch(() => undefined);
}

/** @throws OptionError where the lock's owner is alive. */
async function breakLock(root: string, path: string, aside: string): Promise<void> {
  const check = async (file: string): Promise<void> => {
    const owner = await readOwner(file);
    if (owner === undefined || !isAlive(owner, await lastTouched(root))) return;
    const where = owner.host === ownIdentity().host ? '' : ` on ${owner.host}`;
    const text = `The checkpoint ${root} is in use by a run of process ${owner.pid}${where}`;
    const remedy =
      'wait for its end, or give another directory; if there is no such process, remove the file "lock"';
    throw new OptionError(`${text}: ${remedy}`, 'checkpoint');
  };
  await check(path);
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  // The lock is looked at again, since another run may have broken it and taken it in between.
  try {
    await check(aside);
  } catch (error) {
    await tryLink(aside, path);
    throw error;
  } finally {
    await unlink(aside);
  }
}

/** The error of a checkpoint that cannot be locked or begun. */
export function beginError(root: string, cause: unknown): Error {
  if (isFull(cause)) {
    const [what, remedy] = ['its files', roomElsewhere(true)];
    return writeError(cause, { directory: root, file: root, done: 0, what, remedy });
  }
  const why = `${(cause as Error).message}${permissionRemedy(cause, join(root, '*'))}`;
  return new OptionError(`The checkpoint ${root} cannot be written to: ${why}`, 'checkpoint', { cause });
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** When a run has last locked it, or finished a task. */
async function lastTouched(root: string): Promise<number> {
  const times = ['lock', 'journal', 'run'].map((name) =>
    stat(join(root, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return Math.max(...(await Promise.all(times)));
}
