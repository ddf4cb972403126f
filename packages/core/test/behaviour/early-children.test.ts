import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, it } from '@jest/globals';
import { createPool, SourceError, type Dataset } from '@forkfold/core';
import { sourceDataset, type ChunkOptions, type Cut } from '@forkfold/core/engine';
import { caught, directories, fixture, harness, isAlive, until } from './harness.js';

const place = directories(harness());
/** Where each child leaves a file with its pid for a name as it starts. */
let told = '';
let execArgv: string[] = [];
let tmpDir = '';
beforeEach(() => {
  ({ root: told, tmpDir } = place);
  const code = `import { writeFileSync } from 'node:fs'; writeFileSync('${join(told, 'pid-')}' + process.pid, '');`;
  execArgv = ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
});

function started(): number[] {
  return readdirSync(told)
    .filter((name) => name.startsWith('pid-'))
    .map((name) => Number(name.slice(4)));
}

/** Some numbers in two chunks, which are not found before `found` is resolved. */
function numbers(
  found: Promise<unknown>,
  { isLarge = true, said = Promise.resolve() } = {},
): Dataset<number> {
  const cut = async ({ onLarge }: ChunkOptions): Promise<Cut> => {
    await said;
    if (isLarge) onLarge?.();
    await found;
    return {
      chunks: [
        { from: 0, to: 3 },
        { from: 3, to: 5 },
      ] as never,
      count: 2,
      bytes: 100,
    };
  };
  const module = pathToFileURL(fixture('numbers.mjs')).href;
  return sourceDataset({ name: 'numbers', identity: null, cut }, { module, name: 'numbers' });
}

it('children start while input is being found, once it is known to be large, and work on it then', async () => {
  const found = until(() => started().length === 2);
  const pids = await numbers(found)
    .map(() => process.pid)
    .toArray()
    .run({ processes: 2, execArgv, tmpDir });
  expect(pids).toHaveLength(5);
  expect(started()).toEqual(expect.arrayContaining(pids));
  expect(started()).toHaveLength(2);
});

it('those of a pool start too, once, and stay', async () => {
  await using pool = createPool({ processes: 2, execArgv, tmpDir });
  for (let runs = 0; runs < 2; runs += 1) {
    const found = until(() => started().length === 2);
    expect(await numbers(found).toArray().run({ pool })).toEqual([0, 1, 2, 3, 4]);
  }
  expect(started()).toHaveLength(2);
});

it('none is left where input is not found after all', async () => {
  const missing = new SourceError('nothing is there', {});
  const found = until(() => started().length === 2).then(() => {
    throw missing;
  });
  expect(await caught(numbers(found).toArray().run({ processes: 2, execArgv, tmpDir }))).toBe(missing);
  expect(started().filter(isAlive)).toEqual([]);
});

it('none is left of a run that is aborted meanwhile', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const run = caught(numbers(sleep(60_000, 0, { ref: false })).toArray().run({ processes: 2, execArgv, tmpDir, signal })); // prettier-ignore
  await until(() => started().length === 2);
  controller.abort('enough');
  expect(await run).toBe('enough');
  expect(started().filter(isAlive)).toEqual([]);
});

it('none starts for a run that was aborted before', async () => {
  const controller = new AbortController();
  let say = (): void => undefined;
  const said = new Promise<void>((resolve) => (say = resolve));
  const { signal } = controller;
  const run = caught(numbers(said, { said }).toArray().run({ processes: 2, execArgv, tmpDir, signal })); // prettier-ignore
  controller.abort('enough');
  expect(await run).toBe('enough');
  say();
  // A child would have said so by then.
  await sleep(150);
  expect(started()).toEqual([]);
});

it('only one starts that has work, where nobody knows that input is large', async () => {
  const slow = numbers(sleep(150), { isLarge: false });
  expect(await slow.toArray().run({ processes: 4, execArgv, tmpDir })).toEqual([0, 1, 2, 3, 4]);
  expect(started().length).toBeLessThanOrEqual(2);
});

it('a profile is of all children, which start once there is a place for it', async () => {
  const profile = join(told, 'profiles');
  const missing = new SourceError('nothing is there', {});
  expect(await caught(numbers(Promise.reject(missing)).count().run({ processes: 1, tmpDir, profile }))).toBe(missing); // prettier-ignore
  expect(existsSync(profile)).toBe(false);
  expect(await numbers(sleep(10)).count().run({ processes: 1, tmpDir, profile })).toBe(5);
  expect(readdirSync(profile)).toEqual([expect.stringMatching(/\.cpuprofile$/)]);
});

it('a child that cannot start is told of once there is a task for it', async () => {
  const flag = join(told, 'no-module.mjs');
  const run = caught(numbers(sleep(50)).toArray().run({ processes: 2, execArgv: ['--import', flag], tmpDir, retries: 0 })); // prettier-ignore
  expect(String(await run)).toMatch(/no-module/);
  writeFileSync(flag, '');
  expect(await numbers(sleep(50)).count().run({ processes: 2, execArgv: ['--import', flag], tmpDir })).toBe(5); // prettier-ignore
});
