import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './program.js';

/** Python, with joblib and dask.bag where they can be had. */
export interface Python {
  /** A program of the folder `python`; none where there is no Python, or it lacks a module. */
  programs(
    name: string,
    file: string,
    args: readonly (string | number)[],
    module?: 'joblib' | 'dask.bag',
  ): Program[];
}

const PACKAGES = ['joblib==1.6.0', 'dask[bag]==2026.8.0'];

/** Finds Python on its first use, and makes a virtual environment for the packages in a directory where there is none. */
export function openPython(directory: string): Python {
  let command: string | undefined;
  let isSearched = false;
  const missing = new Set<string>();
  return {
    programs(name, file, args, module) {
      if (!isSearched) command = findPython(directory);
      isSearched = true;
      if (command === undefined || missing.has(module ?? '')) return [];
      if (module !== undefined && !succeeds(command, ['-c', `import ${module}`])) {
        missing.add(module);
        console.error(`${module} cannot be had: it is left out`);
        return [];
      }
      const path = fileURLToPath(new URL(`../../python/${file}.py`, import.meta.url));
      return [{ name, command, args: [path, ...args.map(String)] }];
    },
  };
}

function findPython(directory: string): string | undefined {
  if (!succeeds('python3', ['--version'])) {
    console.error('python3 is not here: multiprocessing.Pool, joblib and dask.bag are left out');
    return undefined;
  }
  const environment = join(directory, 'python');
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(python)) {
    console.error(`Installing ${PACKAGES.join(' and ')} into ${environment} ...`);
    if (!succeeds('python3', ['-m', 'venv', environment])) return 'python3';
    // Each by itself: where one is not made for this Python, the other may be.
    for (const name of PACKAGES)
      succeeds(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', name]);
  }
  return python;
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
