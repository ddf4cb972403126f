import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { durablyNew } from '../disk/durable.js';
import { randomBytes } from '../disk/random-bytes.js';
import { OptionError } from '../errors.js';

/** Looks at where a report is to be written, before the run that it is about. @throws OptionError */
export function checkReportFile(path: string): string {
  const file = resolve(path);
  const directory = dirname(file);
  const refuse = (why: string, cause?: unknown): OptionError => new OptionError(why, 'report', { cause });
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw refuse(`The report cannot be written to ${file}, a directory: name a file in it`);
  }
  try {
    if (statSync(directory).isDirectory()) accessSync(directory, constants.W_OK);
  } catch (cause) {
    const why = (cause as Error).message;
    throw refuse(
      `The report cannot be written to ${file}: ${why}; name a file in a directory that exists`,
      cause,
    );
  }
  return file;
}

/**
 * Writes a report; it replaces an earlier one as a whole. Synchronous, since the process may be about to exit.
 *
 * @param isLast Whether it is to outlast a power cut.
 */
export function writeReportFile(file: string, text: string, isLast = true): void {
  const id = randomBytes(4).toString('hex');
  const temporary = join(dirname(file), `.${basename(file)}.forkfold-${id}`);
  try {
    writeFileSync(temporary, text, isLast ? durablyNew : { flag: 'wx' });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
