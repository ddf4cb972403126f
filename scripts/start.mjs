import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOrExit } from './run-command.mjs';
import { setup } from './setup.mjs';

await setup();

// What follows `npm start --` are files or globs to count the words of.
await example('word-count', process.argv.slice(2));
await example('factorial', []);

async function example(name, args) {
  const main = join(root, 'examples', 'dist', name, 'main.js');
  if (!existsSync(main)) {
    console.error(`build first: ${main} is missing (npm run clean, then npm run build)`);
    process.exit(1);
  }
  console.log(`\n$ ${['node', `examples/dist/${name}/main.js`, ...args].join(' ')}`);
  await runOrExit(process.execPath, [main, ...args]);
}
