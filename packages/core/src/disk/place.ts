import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OptionError } from '../errors.js';
import { version } from '../shared-state.js';
import { exists } from './exists.js';

const url: unknown = import.meta.url;

/**
 * The URL of the file that this code lies in: one of the package, or a bundle that somebody has made of a program and the
 * package. A bundle of CommonJS has no `import.meta`.
 */
export const place =
  typeof url === 'string'
    ? url
    : pathToFileURL(typeof __filename === 'string' ? __filename : 'bundle.js').href;

const requireHere = createRequire(place);

let atHome: boolean | undefined;

/** Whether this code lies where it was built, in the package and beside the program of its children. */
export function isAtHome(): boolean {
  return (atHome ??= looksLikeHome());
}

function looksLikeHome(): boolean {
  const manifest = fileURLToPath(new URL('../../package.json', place));
  const { permission } = process as { permission?: { has(scope: string, path: string): boolean } };
  // What may not be looked at is there: the start of a child says which right is missing.
  if (permission?.has('fs.read', manifest) === false) return true;
  try {
    // Other folders may have a file of the program's name.
    const { name } = requireHere(manifest) as { name?: unknown };
    return name === '@forkfold/core' && exists(fileURLToPath(new URL('../child/entry.js', place)));
  } catch {
    return false;
  }
}

/** Loads a module of CommonJS that the package depends on. @throws OptionError as `installedEngine` does. */
export function dependency(name: string): unknown {
  try {
    return requireHere(name);
  } catch (error) {
    if (isAtHome()) throw error;
    return createRequire(installed('@forkfold/core'))(name);
  }
}

/**
 * The URL of the installed package's engine, for code that was bundled with a program: its children start from there.
 *
 * @throws OptionError where none of this version is installed.
 */
export function installedEngine(): string {
  return installed('@forkfold/core/engine');
}

function installed(name: string): string {
  try {
    const manifest = requireHere('@forkfold/core/package.json') as { version: string };
    if (manifest.version === version) return pathToFileURL(requireHere.resolve(name)).href;
  } catch {
    // The package is not installed.
  }
  throw new OptionError(
    `@forkfold/core was bundled into ${place}, and is not installed beside it in version ${version}, so it lacks the program ` +
      "of its children: keep it out of the bundle (esbuild: --external:@forkfold/core, rolldown: external: ['@forkfold/core'])",
    'processes',
  );
}
