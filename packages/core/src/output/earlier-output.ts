import { readdirSync } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { OptionError } from '../errors.js';

/** Marks an output that is complete. */
const COMPLETE = '_SUCCESS';
/** The parts of this package's own verbs. Nothing else is ever overwritten: it may be the only copy of something. */
const ownParts = /^part-\d{5,}\.(txt|jsonl|csv)(\.gz)?$/;
/** Parts of any format; others' names may look like that, too, so the mark must be beside them. */
const anyParts = /^part-\d{5,}(\.\w+)+$/;

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
  const foreign = entries.find(
    (entry) => !entry.isFile() || (entry.name !== COMPLETE && !parts.test(entry.name)),
  );
  return foreign && JSON.stringify(foreign.name);
}
