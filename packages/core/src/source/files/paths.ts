import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../../errors.js';
import { wrongArgument } from '../../checks/wrong-argument.js';

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
 * fixed. A name that exists is taken as it is, even if it looks like a glob. Globs skip names that start with a dot,
 * unless they write it.
 *
 * @throws SourceError for a path or glob without a file, a directory, and a file that cannot be read.
 */
export async function expandPaths(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    for (const file of (await literal(path)) ?? (await matches(path))) found.set(file.path, file);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function literal(path: string): Promise<FoundFile[] | undefined> {
  try {
    return [await inspect(resolve(path))];
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || (await isGlob(path))) return undefined;
    throw new SourceError(`${path} cannot be read: ${message}`, { file: path }, { cause });
  }
}

async function matches(pattern: string): Promise<FoundFile[]> {
  if (!(await isGlob(pattern))) {
    throw new SourceError(`${pattern} does not exist in ${process.cwd()}: check the path`, { file: pattern });
  }
  // Loaded for globs only: importing forkfold stays cheap, and children need it never.
  const { glob } = await import('tinyglobby');
  const options = { cwd: process.cwd(), absolute: true, onlyFiles: true, expandDirectories: false };
  const names = await glob(pattern, options);
  if (names.length === 0) {
    throw new SourceError(`${pattern} matches no file in ${process.cwd()}: check the glob`, {
      file: pattern,
    });
  }
  return Promise.all(
    names.map(async (name) => {
      const path = resolve(name);
      try {
        return await inspect(path);
      } catch (cause) {
        if (cause instanceof SourceError) throw cause;
        const why = `matches ${path}, which cannot be read: ${(cause as Error).message}`;
        throw new SourceError(`${pattern} ${why}`, { file: path }, { cause });
      }
    }),
  );
}

async function isGlob(path: string): Promise<boolean> {
  return (await import('tinyglobby')).isDynamicPattern(path);
}

async function inspect(path: string): Promise<FoundFile> {
  const found = await stat(path);
  if (found.isDirectory()) {
    throw new SourceError(`${path} is a directory: name its files, as in "${path}/**/*"`, { file: path });
  }
  if (!found.isFile()) {
    throw new SourceError(`${path} is no regular file: save what it gives to a file first`, { file: path });
  }
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new SourceError(`${path} may not be read: check its permissions`, { file: path }, { cause });
  }
  return { path, size: found.size, mtimeMs: found.mtimeMs };
}

function checkPath(name: string, path: unknown, rule: string): string {
  if (typeof path === 'string' && path !== '') return path;
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  throw wrongArgument(name, rule, path);
}
