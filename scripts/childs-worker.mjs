import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const WORKER = 'workerpool/src/worker.js';

/**
 * A plugin that puts workerpool's side of a child into the child's program: to find and load its modules, and the threads of
 * which a child is none, takes 4 ms in each child. The parent's side stays a dependency.
 */
export function childsWorker(core) {
  const require = createRequire(join(core, 'package.json'));
  const { name, version, license, homepage } = require('workerpool/package.json');
  const file = require.resolve(WORKER);
  return {
    name: "a child's worker",
    setup(build) {
      build.onResolve({ filter: /^workerpool\/src\/worker\.js$/ }, () => ({ path: file }));
      build.onLoad({ filter: /[\\/]workerpool[\\/]src[\\/]worker\.js$/ }, () => ({
        contents: `/*! ${name} ${version}, ${license}, ${homepage} */\n${readFileSync(file, 'utf8')}`,
      }));
      build.onResolve({ filter: /^worker_threads$/ }, () => ({
        path: 'no thread',
        namespace: 'childs-worker',
      }));
      build.onLoad({ filter: /./, namespace: 'childs-worker' }, () => ({
        contents: 'exports.parentPort = null;',
      }));
    },
  };
}
