import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { expect, it } from '@jest/globals';
import { harness } from './harness.js';

const shared = harness();
const core = fileURLToPath(new URL('../..', import.meta.url));

const program = (url: string): string => `
import { defineJob, from, createPool, TaskError } from '@forkfold/core';
const factor = 3;
const tripled = defineJob(${url}, (numbers) => numbers.map((n) => {
  if (n === 13) throw new RangeError('unlucky');
  return n * factor;
}));
const told = (run) => run.catch(({ name, message }) => name + ': ' + message);
const main = async () => {
  const results = [];
  for (const processes of [0, 1]) results.push(await told(tripled(from([1, 2])).toArray().run({ processes })));
  const pool = createPool({ processes: 1 });
  results.push(await told(tripled(from([4])).toArray().run({ pool })));
  results.push(await tripled(from([13])).count().run({ pool }).catch((error) => error instanceof TaskError));
  await pool.close();
  console.log(JSON.stringify(results));
};
main();
`;

/** What a program of one file prints that was bundled, in a folder where the package is installed or not. */
async function bundled(options: BuildOptions, url: string, isInstalled: boolean): Promise<unknown> {
  const folder = shared.fresh();
  const isCommon = options.format === 'cjs';
  await mkdir(join(folder, 'node_modules', '@forkfold'), { recursive: true });
  const link = join(folder, 'node_modules', '@forkfold', 'core');
  if (isInstalled) await symlink(core, link);
  await writeFile(join(folder, 'program.mjs'), program(url));
  const outfile = join(folder, 'out', isCommon ? 'main.cjs' : 'main.mjs');
  await build({
    entryPoints: [join(folder, 'program.mjs')],
    alias: isInstalled ? {} : { '@forkfold/core': join(core, 'dist', 'index.js') },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'silent',
    ...options,
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 60_000 });
  return JSON.parse(stdout);
}

const all = [[3, 6], [3, 6], [12], true];

it.each<[string, BuildOptions, string]>([
  ['with the package in it', {}, 'import.meta.url'],
  ['with the package in it, and minified', { minify: true }, 'import.meta.url'],
  ['of CommonJS, with the package in it', { format: 'cjs' }, '__filename'],
  ['without the package', { packages: 'external' }, 'import.meta.url'],
])('a job in a one-file bundle works %s, where it is installed', async (_, options, url) => {
  expect(await bundled(options, url, true)).toEqual(all);
});

it.each<[string, BuildOptions, string]>([
  ['esm', {}, 'import.meta.url'],
  ['cjs', { format: 'cjs' }, '__filename'],
])('a bundle (%s) without an installed package is refused in one sentence', async (_, options, url) => {
  await expect(bundled(options, url, false)).rejects.toMatchObject({
    stderr: expect.stringMatching(
      /OptionError: @forkfold\/core was bundled into file:.*\/out\/main\.[cm]js, .*keep it out of the bundle/,
    ) as unknown,
  });
});
