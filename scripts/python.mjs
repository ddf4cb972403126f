import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureCommand } from './run-command.mjs';

// Shared with packages/bench, which pins the same versions.
const environment = join(tmpdir(), 'forkfold-bench-cache', 'python');
const packages = { joblib: 'joblib==1.6.0', dask: 'dask[bag]==2026.8.0' };

/** Whether modules could be imported, by name, so that each is looked for once. */
const found = new Map();
let made;

/** Where a program with these modules runs: `{ command }`, or `{ lacking }`, what this machine has not and cannot bring. */
export async function findPython(modules) {
  if (!(await succeeds('python3', ['--version']))) return { lacking: 'python3' };
  if (modules.length === 0) return { command: 'python3' };
  made ??= makeEnvironment();
  const command = await made;
  for (const name of modules) {
    if (!found.has(name)) found.set(name, succeeds(command, ['-c', `import ${name}`]));
    if (!(await found.get(name))) return { lacking: name };
  }
  return { command };
}

/** A virtual environment with the packages that could be had, each by itself; it is kept for the next time. */
async function makeEnvironment() {
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(python)) {
    if (!(await succeeds('python3', ['-m', 'venv', environment]))) return 'python3';
  }
  for (const [name, version] of Object.entries(packages)) {
    if (await succeeds(python, ['-c', `import ${name}`])) continue;
    const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
    await succeeds(python, ['-m', 'pip', 'install', ...options, version]);
  }
  return python;
}

async function succeeds(command, args) {
  try {
    return (await captureCommand(command, args, { timeout: 120_000 })).code === 0;
  } catch {
    return false; // there is no such command
  }
}
