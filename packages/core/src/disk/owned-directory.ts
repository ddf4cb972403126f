import { closeSync, constants, lstatSync, mkdirSync, openSync, writeSync, type Stats } from 'node:fs';
import { lstat, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { durably } from './durable.js';
import { isAlive, ownIdentity, parseIdentity, type ProcessIdentity } from './process-identity.js';
import { wallClock } from '../timers.js';

/**
 * A directory that belongs to a process, and is removed with all that it holds when that process is dead. It names its
 * owner in a file; what has named none for an hour never will, since its process was killed before it could.
 */
export interface OwnedDirectory {
  readonly path: string;
  readonly owner: ProcessIdentity;
}

/** Directories of one purpose, side by side. */
export interface OwnedDirectories {
  readonly parent: string;
  /** How their names begin. */
  readonly prefix: string;
  /** The directory that holds the owner's name. @default the owned one itself */
  readonly marked?: (path: string) => string;
  /** Removes one whose owner is dead. */
  readonly remove: (path: string) => Promise<void>;
  /** Removes one that names no owner, and is old. */
  readonly removeNameless: (path: string) => Promise<void>;
}

const OWNER = 'owner';
/** A directory whose owner has not written its name by then, in milliseconds, never will. */
const NAMELESS = 3_600_000;

const { O_CREAT, O_WRONLY } = constants;

/** Removes what dead processes have left. Never rejects. */
export async function sweep(directories: OwnedDirectories): Promise<void> {
  const { parent, prefix } = directories;
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    if (name.startsWith(prefix)) await sweepOne(join(parent, name), directories).catch(() => undefined);
  }
}

async function sweepOne(path: string, { marked, remove, removeNameless }: OwnedDirectories): Promise<void> {
  const stats = await lstat(path);
  if (!isOurs(stats)) return;
  const place = marked?.(path) ?? path;
  const owner = await readOwner(join(place, OWNER));
  const { mtimeMs } = place === path ? stats : await lstat(place).catch(() => stats);
  const touched = Math.max(stats.mtimeMs, mtimeMs);
  if (owner === undefined) {
    if (wallClock() - touched > NAMELESS) await removeNameless(path);
  } else if (!isAlive(owner, touched)) await remove(path);
}

/**
 * Makes a directory (mode 0700) that names its owner, or completes one that is there. Several processes may make the same
 * one at the same time, and each may be killed at any moment.
 */
export function makeOwned({ path, owner }: OwnedDirectory): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isOurs(lstatSync(path))) throw error;
  }
  // All write the same bytes to the same place, and nobody truncates, so the name is whole once one of them has written it.
  const descriptor = openSync(join(path, OWNER), O_CREAT | O_WRONLY, 0o600);
  try {
    const bytes = Buffer.from(JSON.stringify(owner));
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at, bytes.length - at);
  } finally {
    closeSync(descriptor);
  }
}

/** Names this process as the owner of a directory that it has made; on the disk for good when it resolves. */
export async function markOwner(directory: string): Promise<void> {
  await writeOwner(join(directory, OWNER));
}

/** Removes a directory that holds nothing, or nothing but a name that was never written: others may have another purpose. */
export async function removeUnused(path: string): Promise<void> {
  const names = await readdir(path);
  const owner = join(path, OWNER);
  if (names.length === 1 && names[0] === OWNER && (await lstat(owner)).size === 0) await rm(owner);
  await rmdir(path);
}

/** Writes who this process is to a new file; on the disk for good when it resolves. */
export async function writeOwner(file: string): Promise<void> {
  await writeFile(file, JSON.stringify(ownIdentity()), { mode: 0o600, ...durably });
}

/** The process that a file names; undefined where it is gone, torn by a power cut, or of another kind. */
export async function readOwner(file: string): Promise<ProcessIdentity | undefined> {
  return readFile(file, 'utf8').then(parseIdentity, () => undefined);
}

/** In a shared place, what others' directories say of their owner is not to be trusted, and they are none of our business. */
function isOurs(stats: Stats): boolean {
  return stats.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());
}
