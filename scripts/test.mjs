import { run, setup } from './setup.mjs';

setup();
run(process.execPath, [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--config',
  'packages/core/jest.config.js',
  ...process.argv.slice(2),
]);
