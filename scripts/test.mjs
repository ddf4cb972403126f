import { root, runCommand } from './run-command.mjs';
import { setup } from './setup.mjs';

await setup();

// The flags go to this one node: through NODE_OPTIONS every child of every test would inherit them.
process.exitCode = await runCommand(process.execPath, [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  `${root}/node_modules/jest/bin/jest.js`,
  '--config',
  'jest.config.js',
  ...process.argv.slice(2),
]);
