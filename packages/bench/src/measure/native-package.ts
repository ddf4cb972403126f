import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from './cache.js';
import type { Program } from './program.js';

/** A package of tens of MB: too much for everyone who installs this repository. */
export interface NativePackage {
  readonly title: string;
  readonly name: string;
  readonly version: string;
}

export const DUCKDB_PACKAGE: NativePackage = {
  title: 'DuckDB',
  name: '@duckdb/node-api',
  version: '1.5.6-r.1',
};

/** The last version whose native code npm installs for Node 20. */
export const POLARS_PACKAGE: NativePackage = { title: 'Polars', name: 'nodejs-polars', version: '0.24.1' };

/** A program that is told the URL of a package; none where the package cannot be had. */
export function programsWith(
  native: NativePackage,
  cache: Cache,
  program: (url: string) => Program,
): Program[] {
  const url = findPackage(native, cache.directory);
  return url === undefined ? [] : [program(url)];
}

/** The URL of a package, which is installed below the directory if it is not there; undefined where it cannot be had. */
export function findPackage(native: NativePackage, directory: string): string | undefined {
  const home = join(directory, `${native.title.toLowerCase()}-${native.version}`);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const url = isInstalled(native, home) ? urlOf(native, home) : undefined;
  if (url !== undefined) return url;
  console.error(`${native.title} cannot be had: it is left out`);
  return undefined;
}

function isInstalled({ name, version }: NativePackage, home: string): boolean {
  if (existsSync(join(home, 'node_modules', name))) return true;
  console.error(`Installing ${name} into ${home} ...`);
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`];
  const shell = process.platform === 'win32';
  return spawnSync('npm', args, { cwd: home, stdio: 'ignore', shell }).status === 0;
}

/** The URL of a package; undefined where it does not load: without native code for this machine it is installed all the same. */
function urlOf({ name }: NativePackage, home: string): string | undefined {
  const quoted = JSON.stringify(name);
  const text = `await import(${quoted}); process.stdout.write(import.meta.resolve(${quoted}))`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
    cwd: home,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
