import { exists } from '../disk/exists.js';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OptionError } from '../errors.js';

/** Flags whose value is a module that is loaded first. */
const PRELOAD = /^(--import|--require|-r|--loader|--experimental-loader)$/;

interface Preload {
  readonly flag: string;
  readonly module: string;
}

/**
 * The directory from which the flags of this process name their modules. That is the one that it was started in, which is
 * not known once it has gone to another; forkfold knows where it was as forkfold was loaded. Undefined where no flag
 * names a module.
 *
 * @throws OptionError that names a flag whose module is not found from there.
 */
export function flagDirectory(flags: readonly string[], start: string): string | undefined {
  const preloads = preloadsIn(flags);
  if (preloads.length === 0) return undefined;
  // A shell leaves its own directory in the environment of what it starts.
  const candidates = [
    start,
    ...[process.env['PWD'], dirname(process.argv[1] ?? start)].flatMap((path) => path ?? []),
  ];
  const isHome = (directory: string): boolean => preloads.every(({ module }) => isThere(module, directory));
  const found = candidates.find(isHome);
  if (found !== undefined) return found;
  const lost = preloads.find(({ module }) => isRelative(module) && !isThere(module, start));
  if (lost === undefined) return exists(start) ? start : undefined;
  throw new OptionError(
    `The module of ${lost.flag} ${lost.module} is not found from ${start}, so children cannot load it: name it by an ` +
      'absolute path, or import forkfold before process.chdir',
    lost.flag,
  );
}

/** The flags of a run, which name their modules from where this process is now, as they are named elsewhere. */
export function absoluteFlags(flags: readonly string[], directory: string): string[] {
  return flags.map((flag, i) => {
    const [, name, module] = /^(--[^=]+)=(.+)$/s.exec(flag) ?? [undefined, flags[i - 1], flag];
    if (!PRELOAD.test(name ?? '') || !isRelative(module)) return flag;
    const path = resolve(directory, module);
    const absolute = /^(--require|-r)$/.test(name!) ? path : pathToFileURL(path).href;
    return flag === module ? absolute : `${name}=${absolute}`;
  });
}

function preloadsIn(flags: readonly string[]): Preload[] {
  return flags.flatMap((flag, i) => {
    const [, name, value] = /^(--[^=]+)=(.+)$/s.exec(flag) ?? [undefined, flag, flags[i + 1]];
    return PRELOAD.test(name) && value !== undefined ? [{ flag: name, module: value }] : [];
  });
}

function isRelative(module: string): boolean {
  return /^\.{1,2}(\/|\\|$)/.test(module);
}

function isThere(module: string, directory: string): boolean {
  if (isRelative(module)) return isResolved(module, directory);
  const name = /^(?:@[^/:]+\/)?[^@#./:\\][^/:\\]*/.exec(module)?.[0];
  // A URL or a path is the same from everywhere.
  if (name === undefined || module[name.length] === ':') return true;
  for (let folder = directory; ; folder = dirname(folder)) {
    if (exists(join(folder, 'node_modules', name))) return true;
    if (folder === dirname(folder)) return false;
  }
}

function isResolved(module: string, directory: string): boolean {
  try {
    createRequire(join(directory, 'flags.js')).resolve(module);
    return true;
  } catch {
    return false;
  }
}
