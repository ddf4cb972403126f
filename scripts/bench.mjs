import { join } from 'node:path';
import { root, runCommand } from './run-command.mjs';
import { setup } from './setup.mjs';

await setup();

const main = join(root, 'packages', 'bench', 'dist', 'main.js');
process.exitCode = await runCommand(process.execPath, [main, ...process.argv.slice(2)]);
