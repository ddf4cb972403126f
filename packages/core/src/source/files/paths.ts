import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../../errors.js';
import { wrongArgument } from '../../checks/wrong-argument.js';
import { findFiles } from './find-files.js';
import { escapeGlob, isGlob } from './glob.js';
import { now, setImmediate } from '../../timers.js';

/** A path, a glob or a `file:` URL, or an array of them. */
export type Paths = string | URL | readonly (string | URL)[];

/** A record of `files`. */
export interface FileInfo {
  /** Absolute. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

export interface FoundFile extends FileInfo {
  /** When it was last changed, in milliseconds since 1970. */
  readonly mtimeMs: number;
  /** What tells it from another file that takes its name later: device and inode. */
  readonly id: string;
  /** Whether it has text although its size is told as 0; it is read to its end then. */
  readonly isUnsized?: boolean;
}

/** Checks paths and makes strings of URLs; looks at no file. @throws OptionError */
export function checkPaths(paths: unknown): readonly string[] {
  const rule = 'a path, a glob, a file: URL or an array of them';
  if (!Array.isArray(paths)) return [checkPath('paths', paths, rule)];
  if (paths.length === 0) throw wrongArgument('paths', rule, paths);
  return Array.from(paths, (path, i) => checkPath(`paths[${i}]`, path, 'a path, a glob or a file: URL'));
}

/**
 * The files that paths and globs name: absolute, each once, sorted by code units as one list, so that input order is
 * fixed. A path that exists is taken as it is, even if it looks like a glob, and so is the beginning of one. Globs skip
 * names that start with a dot, unless they write it; for links see `findFiles`.
 *
 * @param onMany Is called once thousands of files are found, before they are looked at, which takes microseconds for each.
 * @throws SourceError for a path or glob without a file, a directory, and a file or folder that cannot be read.
 */
export async function expandPaths(
  paths: readonly string[],
  onMany?: () => void,
): Promise<readonly FoundFile[]> {
  const named = new Map<string, FoundFile>();
  const globs: string[] = [];
  for (const path of paths) {
    const file = await literal(path);
    if (file === undefined) globs.push(path);
    else named.set(file.path, file);
  }
  const files = [...named.values()];
  // A file may have been named already, or found by another glob; one glob alone finds each once.
  const known = named.size + globs.length > 1 ? new Set<string>() : undefined;
  if (globs.length > 0) for (const { path } of files) known?.add(await realpath(path));
  for (const glob of globs) {
    const matched = await newMatches(glob, known);
    if (matched.length > MANY) onMany?.();
    for await (const file of inspectAll(glob, matched)) files.push(file);
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** So many files are more chunks than any machine has processors: see `cutFiles`. */
const MANY = 4096;

/** The paths that a glob matches, but for those of files that are known, which they are then; there may be millions. */
async function newMatches(glob: string, known: Set<string> | undefined): Promise<readonly string[]> {
  const found = await matches(glob);
  const paths = found.flatMap(({ path, real }) => (known?.has(real) === true ? [] : [path]));
  for (const { real } of found) known?.add(real);
  return paths;
}

async function literal(path: string): Promise<FoundFile | undefined> {
  try {
    return inspect(await ownName(resolve(path)));
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || isGlob(path)) return undefined;
    throw new SourceError(`${path} cannot be read: ${message}`, { file: path }, { cause });
  }
}

/** What this process has open has another name for its children: `/dev/stdin` is the file that was redirected. */
async function ownName(path: string): Promise<string> {
  if (!/^\/(dev\/(stdin|fd\/)|proc\/(self|thread-self|\d+)\/fd\/)/.test(path)) return path;
  const found = await stat(path);
  if (!found.isFile()) return path;
  const real = await realpath(path);
  const other = await stat(real).catch(() => undefined);
  if (real !== path && other?.dev === found.dev && other.ino === found.ino) return real;
  const message = `${path} is a file that only this process has open, and has no name for its children`;
  throw new SourceError(`${message}: name the file itself, or read it by from(createReadStream(...))`, {
    file: path,
  });
}

async function matches(
  pattern: string,
): Promise<readonly { readonly path: string; readonly real: string }[]> {
  const here = process.cwd();
  const where = isAbsolute(pattern) ? '' : ` in ${here}`;
  if (!isGlob(pattern)) {
    throw new SourceError(`${pattern} does not exist${where}: ${remedyOf(pattern)}`, { file: pattern });
  }
  let found: readonly { readonly path: string; readonly real: string }[];
  try {
    found = await findFiles(await withRealBeginning(pattern), here);
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    throw new SourceError(`${pattern} is no glob: ${(cause as Error).message}`, { file: pattern }, { cause });
  }
  if (found.length > 0) return found;
  throw new SourceError(`${pattern} matches no file${where}: ${remedyOf(pattern, 'check the glob')}`, {
    file: pattern,
  });
}

function remedyOf(path: string, otherwise = 'check the path'): string {
  const scheme = /^(\w[\w+.-]+):\/\//.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined) return otherwise;
  if (scheme === 'file') return `give the URL itself, as in new URL('file:///data/in.txt'), or a path`;
  return 'files of this machine are read: download it first, or give from(...) what a fetch gives';
}

/** The longest beginning of a glob that is the path of a folder stands for itself, whatever characters it has. */
async function withRealBeginning(pattern: string): Promise<string> {
  const names = pattern.split('/');
  for (let count = names.length - 1; count > 0; count -= 1) {
    const beginning = names.slice(0, count).join('/');
    if (!isGlob(beginning)) break;
    const isThere = await stat(beginning).then((stats) => stats.isDirectory(), () => false); // prettier-ignore
    if (isThere) return [escapeGlob(beginning), ...names.slice(count)].join('/');
  }
  return pattern;
}

/** So many files are asked for before others have their turn. */
const AT_ONCE = 256;
/** A disk that takes longer for them, in milliseconds, is far away. */
const SLOW = 100;

/** A disk of this machine answers soonest when it is asked for one file after the other. */
async function* inspectAll(pattern: string, found: readonly string[]): AsyncGenerator<FoundFile> {
  let isSlow = false;
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const group = found.slice(from, from + AT_ONCE);
    // What a disk that is far away says to many questions at the same time the system remembers for a moment.
    if (isSlow) await Promise.allSettled(group.map(async (path) => stat(path)));
    else if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    const started = now();
    for (const path of group) yield inspectMatch(pattern, path);
    isSlow ||= now() - started > SLOW;
  }
}

function inspectMatch(pattern: string, path: string): FoundFile {
  try {
    return inspect(path);
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const why = `matches ${path}, which cannot be read: ${(cause as Error).message}`;
    throw new SourceError(`${pattern} ${why}`, { file: path }, { cause });
  }
}

const READABLE = 0o444;

function inspect(path: string): FoundFile {
  const found = statSync(path);
  if (found.isDirectory()) {
    throw new SourceError(`${path} is a directory: name its files, as in "${path}/**/*"`, { file: path });
  }
  if (!found.isFile()) {
    throw new SourceError(`${path} is no regular file: save what it gives to a file first`, { file: path });
  }
  const { size, mtimeMs, dev, ino, mode } = found;
  try {
    // A mode that lets everybody read saves a question.
    if ((mode & READABLE) !== READABLE) accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new SourceError(`${path} may not be read: check its permissions`, { file: path }, { cause });
  }
  const isUnsized = size === 0 && hasText(path);
  // A text that is joined is one piece of memory; one that is added up keeps its parts, and there may be millions.
  const id = [dev, ino].join(':');
  return isUnsized ? { path, size, mtimeMs, id, isUnsized } : { path, size, mtimeMs, id };
}

// Windows knows no such flag, whatever the types say.
const NONBLOCK = (constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0;

/** Whether a file has text although its size is told as 0, as those of procfs do. */
function hasText(path: string): boolean {
  // A file that makes its text as it is read may have nothing to say for a long time.
  const descriptor = openSync(path, constants.O_RDONLY | NONBLOCK);
  try {
    return readSync(descriptor, new Uint8Array(1), 0, 1, null) > 0;
  } finally {
    closeSync(descriptor);
  }
}

function checkPath(name: string, path: unknown, rule: string): string {
  if (typeof path === 'string' && path !== '') return path;
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  throw wrongArgument(name, rule, path);
}
