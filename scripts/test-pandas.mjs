/*
 * `npm run test:pandas [-- jest's arguments]`: what forkfold writes pandas reads, and the other way round. pandas and pyarrow have 150 MB
 * of native code, so they are no dependency: they are brought to the cache of the benches, and where they cannot be had this says so.
 */
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureCommand } from './run-command.mjs';
import { runJest } from './run-jest.mjs';
import { setup } from './setup.mjs';

const PACKAGES = ['pandas==3.1.1', 'pyarrow==26.0.1'];

await setup();
const python = await findPandas(join(tmpdir(), 'forkfold-bench-cache', 'pandas'));
if (python === undefined) {
  console.log(
    `SKIPPED: the tests with pandas need Python 3.11 and ${PACKAGES.join(' and ')}, which pip cannot bring`,
  );
} else {
  process.env.FORKFOLD_PANDAS = python;
  process.exitCode = await runJest('packages/parquet/jest.pandas.config.js');
}

/** The Python of a virtual environment with pandas, which is made where it is not there; undefined where it cannot be had. */
async function findPandas(environment) {
  const command = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(command) && (await succeeds(command, ['-c', 'import pandas, pyarrow']))) return command;
  console.log(`Installing ${PACKAGES.join(' and ')} into ${environment} ...`);
  rmSync(environment, { recursive: true, force: true });
  if (!(await succeeds('python3', ['-m', 'venv', environment]))) return undefined;
  const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--only-binary', ':all:'];
  const isInstalled = await succeeds(command, ['-m', 'pip', 'install', ...options, ...PACKAGES]);
  return isInstalled && (await succeeds(command, ['-c', 'import pandas, pyarrow'])) ? command : undefined;
}

async function succeeds(command, args) {
  try {
    return (await captureCommand(command, args, { timeout: 600_000 })).code === 0;
  } catch {
    return false; // there is no such command
  }
}
