import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundle } from '../../src/bundle/bundle.js';
import { Bundles } from '../../src/bundle/bundles.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forkfold-bundle-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function bundled(files: Record<string, string>): ReturnType<typeof bundle> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return bundle([pathToFileURL(join(directory, Object.keys(files)[0]!)).href]);
}

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a native addon',
    { 'a.mjs': "import addon from './x.node'; export default addon;", 'x.node': '' },
    /x\.node is a native addon .*a\.mjs:1/,
  ],
  [
    'a module that is not there',
    { 'b.mjs': "import './nowhere.mjs';" },
    /Could not resolve "\.\/nowhere\.mjs" .*b\.mjs:1/,
  ],
  ['what is no JavaScript', { 'c.mjs': 'let let = ;' }, /cannot be bundled for Spark/],
])('%s is an error that says where', async (_, files, message) => {
  await expect(bundled(files)).rejects.toMatchObject({
    name: 'JobError',
    message: expect.stringMatching(message),
  });
});

test('a module that is no file is an error', async () => {
  await expect(bundle(['data:text/javascript,'])).rejects.toMatchObject({ name: 'JobError' });
});

test('a place in the bundle leads to the one in the module, whatever comes before it', async () => {
  const { code, places } = await bundled({
    'd.cjs':
      "#!/usr/bin/env node\n'use strict';\nexports.where = __filename + __dirname;\nexports.thrown = () => { throw new Error('here'); };\n",
  });
  const text = Buffer.from(code).toString();
  expect(text).toContain(JSON.stringify(join(directory, 'd.cjs')));
  const lines = text.split('\n');
  const line = lines.findIndex((one) => one.includes('throw new Error("here")'));
  const stack = `at file:///executor/runner.mjs:${line + 1}:${lines[line]!.indexOf('throw') + 1}`;
  expect(places.inStack(stack, 'runner.mjs')).toContain(`${pathToFileURL(join(directory, 'd.cjs')).href}:4:`);
});

test.each([
  ['.cjs', 'export const place = import.meta.url; export default async () => await 1;'],
  ['.mjs', 'export const value = await Promise.resolve(1);'],
  ['.mjs', 'export const place = import.meta.dirname;'],
])('a bundle is a %s for a module of %s', async (suffix, text) => {
  expect((await bundled({ 'f.mjs': text })).suffix).toBe(suffix);
});

test('a bundle is made once, and again when a file is another one', async () => {
  const bundles = new Bundles();
  const path = join(directory, 'e.mjs');
  const code = async (): Promise<string> =>
    Buffer.from((await bundles.of([pathToFileURL(path).href])).code).toString();
  await writeFile(path, 'export const value = "first";');
  const first = await bundles.of([pathToFileURL(path).href]);
  expect(await bundles.of([pathToFileURL(path).href])).toBe(first);
  await writeFile(path, 'export const value = "the second";');
  expect(await code()).toContain('the second');
});
