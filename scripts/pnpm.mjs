import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureCommand, root, runOrExit } from './run-command.mjs';

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// npx is a .cmd file on Windows, which only a shell starts.
const shell = process.platform === 'win32';
const npxArgs = (args) => ['--yes', '--loglevel=error', packageManager, ...args];

/** Runs the pnpm that package.json pins, brought by npx: a machine needs only Node and npm. */
export function pnpm(args) {
  return runOrExit('npx', npxArgs(args), { stdio: ['ignore', 'inherit', 'inherit'], shell });
}

/** As `pnpm`, but returns its exit code and output instead of showing it. */
export function capturePnpm(args, options) {
  return captureCommand('npx', npxArgs(args), { shell, ...options });
}
