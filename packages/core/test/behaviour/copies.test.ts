import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { version } from '../../src/shared-state.js';
import { harness, program, script } from './harness.js';

const shared = harness();
const core = fileURLToPath(new URL('../..', import.meta.url));

afterEach(() => {
  delete process.env.OTHER_COPY;
});

it('the version is that of the manifest', async () => {
  const manifest = JSON.parse(await readFile(join(core, 'package.json'), 'utf8')) as { version: string };
  expect(version).toBe(manifest.version);
});

/** Another folder that holds the package, in this version or another. */
async function copyOf(of: string): Promise<string> {
  const folder = shared.fresh();
  await mkdir(folder);
  const filter = (path: string): boolean => !/\.(map|d\.ts)$/.test(path);
  await cp(join(core, 'dist'), join(folder, 'dist'), { recursive: true, filter });
  await cp(join(core, 'package.json'), join(folder, 'package.json'));
  await symlink(join(core, 'node_modules'), join(folder, 'node_modules'));
  for (const name of readdirSync(join(folder, 'dist'), { recursive: true }) as string[]) {
    if (!name.endsWith('.js')) continue;
    const path = join(folder, 'dist', name);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(`"${version}"`, `"${of}"`));
  }
  return folder;
}

it('two copies of a version know the jobs and the datasets of each other', async () => {
  process.env.OTHER_COPY = pathToFileURL(join(await copyOf(version), 'dist', 'index.js')).href;
  const all = { job: [3, 6], othersJob: [4, 7], error: true };
  expect(JSON.parse(await program('two-copies.mjs'))).toEqual({ 0: all, 1: all });
});

it('two versions are an error that names them, and where they are', async () => {
  const folder = await copyOf('9.9.9');
  process.env.OTHER_COPY = pathToFileURL(join(folder, 'dist', 'index.js')).href;
  await expect(program('two-copies.mjs')).rejects.toMatchObject({
    stderr: expect.stringContaining(
      `OptionError: The dataset is one of @forkfold/core 9.9.9, and this is ${version}: two copies of @forkfold/core ` +
        `are loaded, which know nothing of each other: ${version} from ${core.replace(/\/$/, '')} and 9.9.9 from ${folder}; install one of them`,
    ) as unknown,
  });
});

it('a pool of another version is refused', async () => {
  process.env.OTHER_COPY = pathToFileURL(join(await copyOf('9.9.9'), 'dist', 'index.js')).href;
  const { stdout } = await script(`
    import { range } from '@forkfold/core';
    const { createPool } = await import(process.env.OTHER_COPY);
    console.log(await range(1).count().run({ pool: createPool({ processes: 1 }) }).catch(String));
  `);
  expect(stdout).toMatch(
    /^OptionError: The pool is one of @forkfold\/core 9.9.9, and this is .*: two copies/,
  );
});

it('a CommonJS program requires the package, and defines its jobs by __filename', async () => {
  const results = [3, 6];
  expect(JSON.parse(await program('common.cjs'))).toEqual({ results: [results, results], isTaskError: true });
});
