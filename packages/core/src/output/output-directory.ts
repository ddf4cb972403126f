import { createReadStream, existsSync, renameSync, rmdirSync } from 'node:fs';
import { copyFile, link, mkdir, open, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { WrittenFiles } from '../plan/action.js';
import { permissionRemedy } from '../disk/denied.js';
import { durably, syncsItself } from '../disk/durable.js';
import { randomBytes } from '../disk/random-bytes.js';
import { removeNow } from '../disk/remove-now.js';
import { atExit, type Remove } from '../disk/shared-listeners.js';
import { syncDirectory } from '../disk/sync-directory.js';
import { isFull, writeError } from '../disk/write-error.js';
import { OptionError, SourceError } from '../errors.js';
import type { Part } from '../protocol/reply.js';
import { checkEarlierOutput, foreignName } from './earlier-output.js';
import { NumberedParts } from './numbered-parts.js';
import {
  attemptsIn,
  makeAttempts,
  makeReplaced,
  removeOrphans,
  settleReplaced,
  stagingPrefix,
} from './staging.js';

/** Digits in the name of a part, where nobody says otherwise. */
const DIGITS = 5;

export interface OutputOptions {
  /** Relative to the working directory of this process. */
  readonly directory: string;
  readonly overwrite: boolean;
  /** Ending of the names of parts, such as `.txt.gz`. */
  readonly suffix: string;
  /** Digits in the name of a part; more if there are more parts. @default 5 */
  readonly digits?: number;
}

/**
 * A directory of numbered parts that appears as a whole or not at all:
 *
 *   .out.forkfold-1f2e3d4c/            staging, next to `out`, so that a rename moves it
 *     attempts/0-17-00                 written by one attempt of a task in a child, with a name of its own
 *     part-00003.txt                   renamed by the parent, once that attempt has succeeded
 *     country=de/part-00000.txt        in a partitioned output
 *     _SUCCESS                         written last
 *   out/                               staging, renamed
 *   .out.forkfold-1f2e3d4c-replaced/   holds the earlier `out` meanwhile, and whose it is
 *
 * Neither a retry nor an attempt that was killed can leave or double a part. Parts and `_SUCCESS` are on the disk (fsync)
 * before the rename.
 */
export class OutputDirectory {
  readonly directory: string;
  /** Where attempts write. */
  readonly attempts: string;
  readonly #staging: string;
  readonly #options: OutputOptions;
  /** Directories made on the way to `directory`, innermost first. */
  readonly #made: readonly string[];
  #forget: Remove | undefined;
  readonly #parts = new NumberedParts();
  #records = 0;
  #bytes = 0;

  private constructor(directory: string, options: OutputOptions, made: readonly string[]) {
    const id = randomBytes(4).toString('hex');
    this.directory = directory;
    this.#options = options;
    this.#made = made;
    this.#staging = stagingPrefix(directory) + id;
    this.attempts = attemptsIn(this.#staging);
  }

  /**
   * Looks at the directory and makes the place to write to.
   *
   * @throws OptionError for a directory that exists, unless it is an earlier output and `overwrite` is set, and for one
   *   that cannot be made.
   */
  static async open(options: OutputOptions): Promise<OutputDirectory> {
    // Where it is a link, what it leads to is replaced.
    const given = resolve(options.directory);
    const directory = await realpath(given).catch(() => given);
    await removeOrphans(directory);
    await checkEarlierOutput(directory, options.overwrite);
    const parent = dirname(directory);
    let output: OutputDirectory | undefined;
    try {
      const first = await mkdir(parent, { recursive: true });
      const made = new OutputDirectory(directory, options, first === undefined ? [] : upTo(parent, first));
      output = made;
      made.#forget = atExit(() => made.#removeNow());
      await mkdir(made.#staging);
      await makeAttempts(made.#staging);
      return made;
    } catch (cause) {
      await output?.discard();
      if (output && isFull(cause)) throw output.#failure(cause);
      const why = `${directory} cannot be made: ${(cause as Error).message}${permissionRemedy(cause, join(directory, '*'))}`;
      throw new OptionError(`${why}; write to a directory that you may make`, 'directory', { cause });
    }
  }

  /**
   * Takes the next part, in the order of the dataset; `isKept` if a checkpoint needs it where it is, too.
   *
   * @throws SourceError when the disk is full or fails; call `discard` then.
   */
  async add({ path, records, bytes, directory = '' }: Part, isKept = false): Promise<void> {
    const { number, isFirst } = this.#parts.next(directory);
    const place = join(this.#staging, directory, this.#name(number));
    try {
      if (isFirst && directory !== '') await mkdir(dirname(place), { recursive: true });
      // A link or a rename costs nothing; another file system, or one without links, needs a copy.
      if (isKept) await link(path, place).catch(() => copyDurably(path, place));
      else await rename(path, place).catch(() => copyDurably(path, place).then(() => rm(path)));
    } catch (cause) {
      throw this.#failure(cause);
    }
    this.#records += records;
    this.#bytes += bytes;
  }

  /** Makes the directory appear. @throws SourceError when the disk is full or fails; call `discard` then. */
  async commit(): Promise<WrittenFiles> {
    let names: readonly string[];
    try {
      await rm(this.attempts, { recursive: true, force: true, maxRetries: 3 });
      const digits = await this.#widen();
      names = this.#parts.all().map(([directory, number]) => join(directory, this.#name(number, digits)));
      await writeFile(join(this.#staging, '_SUCCESS'), '', durably);
      for (const made of this.#parts.directories()) await syncDirectory(join(this.#staging, made));
      await syncDirectory(this.#staging);
      const isReplacing = this.#options.overwrite && existsSync(this.directory);
      this.#swap(isReplacing ? await makeReplaced(this.#staging) : undefined);
      await syncDirectory(dirname(this.directory));
      settleReplaced(this.#staging, this.directory);
    } catch (cause) {
      throw this.#failure(cause);
    }
    this.#forget?.();
    const files = names.map((name) => join(this.directory, name));
    return { directory: this.directory, files, records: this.#records, bytes: this.#bytes };
  }

  /** Removes everything that the run has written. */
  async discard(): Promise<void> {
    await rm(this.#staging, { recursive: true, force: true, maxRetries: 3 });
    try {
      settleReplaced(this.#staging, this.directory);
      for (const made of this.#made) await rmdir(made);
    } catch {
      // Somebody else has put something there.
    }
    // Until here the process may exit at any moment: Ctrl-C ends it when the first of its runs has ended.
    this.#forget?.();
  }

  #failure(cause: unknown): SourceError {
    const { code, message } = cause as NodeJS.ErrnoException;
    const [directory, done] = [this.directory, this.#bytes];
    if (isFull(cause)) {
      const [what, remedy] = ['its parts', 'write to another disk'];
      return writeError(cause, { directory, file: directory, done, what, remedy });
    }
    const why =
      code === 'ENOTEMPTY' || code === 'EEXIST'
        ? `${this.directory} was made by something else during the run: write to another directory`
        : `${this.directory} cannot be completed: ${message}`;
    return new SourceError(why, { file: this.directory }, { cause });
  }

  /** Takes two steps, since no rename replaces a directory that holds anything; in one turn, so that only a kill parts them. */
  #swap(earlier: string | undefined): void {
    const foreign = earlier && foreignName(this.directory);
    if (foreign !== undefined) throw new Error(`by now it holds ${foreign}; move that away, and run again`);
    if (earlier !== undefined) renameSync(this.directory, earlier);
    // If this fails, `discard` brings the earlier one back.
    renameSync(this.#staging, this.directory);
  }

  /** Renames all parts when there are too many for the digits of their names; gives how many these have. */
  async #widen(): Promise<number> {
    const { digits: before = DIGITS } = this.#options;
    const digits = Math.max(before, String(this.#parts.highest).length);
    if (digits === before) return digits;
    for (const [directory, number] of this.#parts.all()) {
      const [from, to] = [this.#name(number), this.#name(number, digits)];
      await rename(join(this.#staging, directory, from), join(this.#staging, directory, to));
    }
    return digits;
  }

  #name(part: number, digits = this.#options.digits ?? DIGITS): string {
    return `part-${String(part).padStart(digits, '0')}${this.#options.suffix}`;
  }

  /** Does what `discard` does for a process that is about to exit: nothing asynchronous runs any more. */
  #removeNow(): void {
    removeNow(this.#staging);
    try {
      settleReplaced(this.#staging, this.directory);
      for (const made of this.#made) rmdirSync(made);
    } catch {
      // Somebody else has put something there.
    }
  }
}

function upTo(path: string, first: string): string[] {
  const made = [path];
  for (let at = path; at !== first && at !== dirname(at);) made.push((at = dirname(at)));
  return made;
}

async function copyDurably(from: string, to: string): Promise<void> {
  if (syncsItself) {
    await writeFile(to, createReadStream(from), durably);
    return;
  }
  await copyFile(from, to);
  const handle = await open(to, 'r+');
  await handle.sync().finally(() => handle.close());
}
