import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../src/plan/job-call.js';
import { addJob, findJob, undefinedJob } from '../../src/plan/job-table.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'job-table-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Builders of different texts. */
const builders = {
  a: () => 'a',
  b: () => 'b',
  c: () => 'c',
};

/** The jobs of a module that defines them in this order. */
function define(module: string, names: string): Job[] {
  return Array.from(names, (name) =>
    addJob({ module, build: builders[name as keyof typeof builders], rebuild: () => [] }),
  );
}

describe('a job of another process', () => {
  it.each([
    ['abc', 'abc', [0, 1, 2]],
    // A module that was evaluated again there, the last time only in part.
    ['ababa', 'ab', [0, 1, 0, 1, 0]],
    ['abaaba', 'aba', [0, 1, 2, 0, 1, 2]],
    ['aaaa', 'aa', [0, 1, 0, 1]],
    // Jobs that are defined in that process alone.
    ['abc', 'ab', [0, 1, undefined]],
    ['aba', 'abc', [0, 1, 2]],
    ['ab', '', [undefined, undefined]],
  ])('of a module that defines %s there and %s here', (there, here, found) => {
    const [module, other] = [`test:${there}-${here}`, `test:${there}-${here}-there`];
    define(module, here);
    const jobs = define(other, there).map((job) => findJob({ ...job, module })?.number);
    expect(jobs).toEqual(found);
  });

  it('that is not here is an error that names it', () => {
    expect(undefinedJob({ module: 'test:x', number: 4 }).message).toMatch(/^Job 5 of test:x is not defined/);
  });
});

it('a module whose file is another one begins anew, and one that was touched does not', async () => {
  const path = join(directory, 'module.mjs');
  const module = pathToFileURL(path).href;
  await writeFile(path, 'one');
  const [first] = define(module, 'a');
  await utimes(path, new Date(0), new Date(0));
  expect(define(module, 'b')[0]!.number).toBe(1);
  await writeFile(path, 'two');
  const [again] = define(module, 'b');
  expect(again!.number).toBe(0);
  expect(again!.text.hash).not.toBe(first!.text.hash);
});
