import { readdirSync, type Dirent } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError } from '../errors.js';

/** Marks an output that is complete. */
const COMPLETE = '_SUCCESS';
/** The parts of this package's own verbs. Nothing else is ever overwritten: it may be the only copy of something. */
const ownParts = /^part-\d{5,}\.(txt|jsonl|csv)(\.gz)?$/;
/** Parts of any format; others' names may look like that, too, so the mark must be beside them. */
const anyParts = /^part-\d{5,}(\.\w+)+$/;

/** A directory of a partitioned output. */
const partition = /^[^=]+=[^=]+$/;

/** @throws OptionError for a directory that exists, unless it holds an earlier output alone, and `overwrite` is set. */
export async function checkEarlierOutput(directory: string, overwrite: boolean): Promise<void> {
  if ((await lstat(directory).catch(() => undefined)) === undefined) return;
  const found = await stat(directory).catch(() => undefined);
  const refuse = (why: string): OptionError => new OptionError(`${directory} ${why}`, 'directory');
  if (!found?.isDirectory()) throw refuse('is no directory: write to another directory, or remove it');
  if (!overwrite) {
    throw refuse('exists already: write to another directory, remove it, or set overwrite: true');
  }
  const foreign = foreignName(directory);
  if (foreign === undefined) return;
  throw refuse(`holds ${foreign}, which is no output of forkfold's: overwrite refuses to remove it`);
}

/** The first name, in quotes, of what a directory holds besides an output; undefined if there is nothing. */
export function foreignName(directory: string): string | undefined {
  const entries = readdirSync(directory, { withFileTypes: true });
  const parts = entries.some(({ name }) => name === COMPLETE) ? anyParts : ownParts;
  const found = foreignIn(
    directory,
    entries.filter((entry) => !entry.isFile() || entry.name !== COMPLETE),
    parts,
  );
  return found === undefined ? undefined : JSON.stringify(found);
}

/** The same of what a directory of a partitioned output holds: parts, and such directories. */
function foreignIn(directory: string, entries: readonly Dirent[], parts: RegExp): string | undefined {
  for (const entry of entries) {
    const { name } = entry;
    if (entry.isFile() && parts.test(name)) continue;
    if (!entry.isDirectory() || !partition.test(name)) return name;
    const inner = join(directory, name);
    const found = foreignIn(inner, readdirSync(inner, { withFileTypes: true }), parts);
    if (found !== undefined) return join(name, found);
  }
  return undefined;
}
