import { root, runCommand } from './run-command.mjs';

/** Runs jest with a configuration, with the arguments of this program and options of `spawn`. Resolves with its exit code. */
export function runJest(config, options) {
  // The flags go to this one node: through NODE_OPTIONS every child of every test would inherit them.
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    `${root}/node_modules/jest/bin/jest.js`,
    '--config',
    config,
    ...process.argv.slice(2),
  ];
  return runCommand(process.execPath, args, options);
}
