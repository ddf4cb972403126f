import { runOrExit } from './run-command.mjs';
import { setup } from './setup.mjs';

await setup();
for (const example of ['word-count', 'factorial']) {
  console.log(`\n${example}`);
  await runOrExit(process.execPath, [`examples/dist/${example}/main.js`]);
}
