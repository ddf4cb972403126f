import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-command.mjs';

// tsc -b never removes the output of a source file that was renamed or deleted; a clean build does.
const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
for (const folder of ['examples', ...packages])
  rmSync(join(root, folder, 'dist'), { recursive: true, force: true });
