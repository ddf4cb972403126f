import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { bundledLoader } from '../../src/bundle/loader.js';

const parent = mkdtempSync(join(tmpdir(), 'forkfold-load-'));
afterAll(() => rmSync(parent, { recursive: true }));

const SCRIPT =
  '(function (require) { console.log(process.argv.slice(1).join(" "), typeof require("fs").readFileSync); })';
let folder: string;
let program: string;
beforeEach(async () => {
  folder = mkdtempSync(join(parent, 'executor-'));
  program = join(folder, 'program.cjs');
  writeFileSync(program, SCRIPT);
  writeFileSync(join(folder, 'load.cjs'), await bundledLoader());
});

const load = (name = 'program.cjs'): string =>
  execFileSync(process.execPath, ['./load.cjs', `./${name}`, 'one', 'two'], {
    cwd: folder,
    encoding: 'utf8',
  });
const cacheName = `program.cjs.${process.version}-${process.arch}.cache`;

test('a script does not see that it was loaded, and is compiled once', () => {
  const said = `${program} one two function\n`;
  expect(load()).toBe(said);
  const kept = statSync(join(folder, cacheName));
  expect(load()).toBe(said);
  expect(statSync(join(folder, cacheName)).ino).toBe(kept.ino);
  expect(readdirSync(folder).toSorted()).toEqual(['load.cjs', 'program.cjs', cacheName]);
});

test.each<[string, (whole: Buffer) => Uint8Array]>([
  ['torn', (whole) => whole.subarray(0, whole.length - 100)],
  ['empty', () => new Uint8Array()],
  ['changed', (whole) => whole.map((byte, i) => (i === whole.length - 50 ? byte ^ 1 : byte))],
])('code that is %s is compiled anew', (_, spoil) => {
  load();
  const place = join(folder, cacheName);
  const whole = readFileSync(place);
  writeFileSync(place, spoil(whole));
  expect(load()).toContain('one two function');
  expect(readFileSync(place).length).toBe(whole.length);
});

test('a script runs where no code can be kept', () => {
  mkdirSync(join(folder, cacheName));
  expect(load()).toContain('one two function');
  expect(readdirSync(folder).toSorted()).toEqual(['load.cjs', 'program.cjs', cacheName]);
});

test('a script that fails keeps no code, and its exit code', () => {
  writeFileSync(program, '(function () { process.exit(70); })');
  expect(spawnSync(process.execPath, ['load.cjs', 'program.cjs'], { cwd: folder }).status).toBe(70);
  expect(readdirSync(folder)).toHaveLength(2);
});

test('a module is imported', () => {
  writeFileSync(
    join(folder, 'program.mjs'),
    'await null; console.log(process.argv.slice(2).join(), import.meta.url);',
  );
  expect(load('program.mjs')).toMatch(/^one,two file:.*program\.mjs\n$/);
});
