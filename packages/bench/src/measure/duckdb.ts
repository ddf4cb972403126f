import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cache } from './cache.js';
import { nodeProgram, type Program } from './program.js';

/** 70 MB of native code: too much for everyone who installs this repository. */
const PACKAGE = '@duckdb/node-api';
const VERSION = '1.5.6-r.1';

/** A program of `src/programs` that gets the URL of DuckDB as its first argument; none where DuckDB cannot be had. */
export function duckdbPrograms(
  cache: Cache,
  name: string,
  file: string,
  args: readonly (string | number)[],
): Program[] {
  const url = findDuckdb(join(cache.directory, 'duckdb'));
  return url === undefined ? [] : [nodeProgram(name, file, [url, ...args])];
}

/** The URL of DuckDB, which is installed into the directory if it is not there; undefined where it cannot be had. */
export function findDuckdb(directory: string): string | undefined {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  if (!existsSync(join(directory, 'node_modules', PACKAGE))) {
    console.error(`Installing ${PACKAGE} into ${directory} ...`);
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${PACKAGE}@${VERSION}`];
    const shell = process.platform === 'win32';
    if (spawnSync('npm', args, { cwd: directory, stdio: 'ignore', shell }).status !== 0) {
      console.error('DuckDB cannot be had: it is left out');
      return undefined;
    }
  }
  const require = createRequire(join(directory, 'package.json'));
  return pathToFileURL(require.resolve(PACKAGE)).href;
}
