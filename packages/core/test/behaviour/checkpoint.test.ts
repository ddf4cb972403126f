import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPool, from, range, textLines, OptionError, type Dataset } from '@forkfold/core';
import { fixture, until } from './harness.js';

const script = fileURLToPath(new URL('../fixtures/checkpointed.mjs', import.meta.url));
const lines = Array.from({ length: 1000 }, (_, n) => `line ${n}`);
let directory: string;
let [file, calls, checkpoint, flag, tmpDir] = ['', '', '', '', ''];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoint-test-'));
  [file, calls, checkpoint, flag] = ['input.txt', 'calls', 'checkpoint', 'deadly'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  tmpDir = await mkdtemp(join(directory, 'tmp-'));
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
});

afterEach(async () => {
  expect(await readdir(tmpDir)).toEqual([]);
  await rm(directory, { recursive: true });
});

async function runScript(): Promise<{ code: number | null; signal: string | null; output: string }> {
  const child = spawn(process.execPath, [script, file, calls, flag, checkpoint, tmpDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, output };
}

async function callsMade(): Promise<string[]> {
  const text = await readFile(calls, 'utf8').catch(() => '');
  await rm(calls, { force: true });
  return text.split('\n').filter((line) => line !== '');
}

const expected = `${JSON.stringify(
  Object.entries(
    lines
      .flatMap((line) => [line.at(-1)!, line.at(-2)!])
      .reduce<Record<string, number>>((counts, key) => ({ ...counts, [key]: (counts[key] ?? 0) + 1 }), {}),
  ).sort(([a], [b]) => (a < b ? -1 : 1)),
)}\n`;

describe('after a kill -9 of the parent', () => {
  it.each(['deadly', 'deadly-reduce'])('the same run goes on where it ended (%s)', async (name) => {
    await writeFile(join(directory, name), '');
    expect((await runScript()).signal).toBe('SIGKILL');
    const before = await callsMade();
    await rm(join(directory, name));
    const { code, output } = await runScript();
    expect(code).toBe(0);
    expect(output).toBe(expected);
    const after = await callsMade();
    expect(new Set([...before, ...after].filter((call) => call.startsWith('line'))).size).toBe(1000);
    // What was under way is done again, no more: two chunks of some fifty lines, and what was not yet pulled.
    expect(before.length + after.length).toBeLessThan(1000 + 250);
    if (name === 'deadly-reduce') expect(after.filter((call) => call.startsWith('line'))).toEqual([]);
    await expect(stat(checkpoint)).rejects.toThrow('ENOENT');
  });

  it('a torn last record is ignored', async () => {
    await writeFile(flag, '');
    await runScript();
    const journal = join(checkpoint, 'journal');
    const { size } = await stat(journal);
    await truncate(journal, size - 3);
    await rm(flag);
    expect((await runScript()).output).toBe(expected);
  });

  it('a journal that ends in garbage is read up to it', async () => {
    await writeFile(flag, '');
    await runScript();
    await appendFile(
      join(checkpoint, 'journal'),
      Buffer.from([9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1, 1, 1]),
    );
    await rm(flag);
    expect((await runScript()).output).toBe(expected);
  });

  it('a changed input is refused, with what differs', async () => {
    await writeFile(flag, '');
    await runScript();
    await rm(flag);
    await appendFile(file, 'one more\n');
    const plan = (): Promise<unknown> => textLines(file).count().run({ processes: 0, checkpoint });
    await expect(plan()).rejects.toThrow(/input\.txt has 8899 bytes, it had 8890/);
    await truncate(file, 8890);
    await utimes(file, 1, 1);
    await expect(plan()).rejects.toThrow(/input\.txt was changed/);
  });
});

describe('a run that failed', () => {
  interface Item {
    readonly n: number;
    readonly directory: string;
  }
  // A file is what a function can see in whichever process it runs.
  const failing = async ({ n, directory }: Item): Promise<number> => {
    const { appendFileSync, existsSync } = await import('node:fs');
    if (n === 70 && !existsSync(`${directory}/healed`)) throw new Error('not yet');
    appendFileSync(`${directory}/calls`, `${n}\n`);
    return n;
  };
  const items = (): Item[] => Array.from({ length: 100 }, (_, n) => ({ n, directory }));
  const source = (): Dataset<number> => from(items()).mapAsync(failing, { concurrency: 1 });
  const options = (): object => ({ processes: 0, chunkSize: 10, checkpoint, tmpDir });

  beforeEach(async () => {
    await expect(source().toArray().run(options())).rejects.toThrow('not yet');
    await callsMade();
    await writeFile(join(directory, 'healed'), '');
  });

  it('goes on with what it had finished, and leaves nothing in the end', async () => {
    const numbers = items().map(({ n }) => n);
    expect(await source().toArray().run(options())).toEqual(numbers);
    expect((await callsMade()).map(Number)).toEqual(numbers.slice(70));
    await expect(stat(checkpoint)).rejects.toThrow('ENOENT');
  });

  it.each<[string, () => Dataset<unknown>, object]>([
    ['the function given to map is another one', () => from(items()).map(({ n }) => n), {}],
    ['chunkSize is 20, it was 10', source, { chunkSize: 20 }],
    ['chunkBytes is 7, it was not set', source, { chunkBytes: 7 }],
    ['the plan has other verbs, parameters or sources', () => from(items()).mapAsync(failing), {}],
    ['the function given to filter is another one', () => source().filter((n) => n >= 0), {}],
  ])('is refused where %s', async (difference, dataset, others) => {
    const error: unknown = await dataset()
      .toArray()
      .run({ ...options(), ...others })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(difference);
  });
});

it.each([0, 1])('goes on with other options, in the same %d warm children', async (processes) => {
  await using pool = createPool({ processes });
  const plan = range(100)
    .map((n) => {
      if (n === 70) throw new Error('never');
      return n;
    })
    .count();
  const options = { pool, chunkSize: 10, checkpoint, tmpDir };
  await expect(plan.run(options)).rejects.toThrow('never');
  expect(await plan.run({ ...options, onError: 'skip' })).toBe(99);
});

it('whose disk is full is an error that names directory and bytes, and a disk with room goes on', async () => {
  const run = async (...flags: string[]): Promise<unknown> => {
    const argv = [...flags, fixture('full-checkpoint.mjs'), checkpoint, tmpDir];
    const env = { ...process.env, FULL_DISK_BYTES: '3000' };
    return JSON.parse((await promisify(execFile)(process.execPath, argv, { env })).stdout);
  };
  expect(await run('--import', fixture('full-disk.mjs'))).toEqual({
    name: 'SourceError',
    message: `No space left in ${checkpoint} after 3000 bytes of its journal: free space or move the checkpoint to another disk`,
  });
  const { size } = await stat(join(checkpoint, 'journal'));
  expect(size).toBeGreaterThan(2000);
  expect(size).toBeLessThan(3000);
  expect(await run()).toEqual({ result: 200 });
});

it('refuses other items where the source is in memory', async () => {
  const run = (items: number[]): Promise<number[]> =>
    from(items)
      .map((n) => {
        if (n === 30) throw new Error('not yet');
        return n;
      })
      .toArray()
      .run({ processes: 0, chunkSize: 10, checkpoint });
  const items = Array.from({ length: 40 }, (_, n) => n);
  await expect(run(items)).rejects.toThrow('not yet');
  await expect(run(items.map((n) => (n === 15 ? -1 : n)))).rejects.toThrow(
    'Chunk 1 of the input is not what it was',
  );
  items[30] = 31;
  expect(await run(items)).toEqual(items);
});

it.each([
  ['an array', (items: number[]) => items, 'a source in memory has 400000 items, it had 200000'],
  ['a function', (items: number[]) => () => items, 'The size of the input is not what it was'],
])('refuses %s that has grown, and with it the number of buckets', async (_, give, message) => {
  const run = (items: number[]): Promise<Map<number, number>> =>
    from(give(items))
      .map((n) => {
        if (n < 0) throw new Error('not yet');
        return n % 7;
      })
      .countByValue()
      .toMap()
      .run({ processes: 0, chunkSize: 100_000, checkpoint });
  await expect(run(Array.from({ length: 200_000 }, (_, n) => (n === 150_000 ? -1 : n)))).rejects.toThrow(
    'not yet',
  );
  await expect(run(Array.from({ length: 400_000 }, (_, n) => n))).rejects.toThrow(message);
});

it('refuses a second run on a directory that is in use', async () => {
  const [started, refused] = [join(directory, 'started'), join(directory, 'refused')];
  const run = (): Promise<number> =>
    from([{ started, refused }])
      .mapAsync(async ({ started, refused }) => {
        const { existsSync, writeFileSync } = await import('node:fs');
        writeFileSync(started, '');
        while (!existsSync(refused)) await new Promise((resolve) => setTimeout(resolve, 5));
      })
      .count()
      .run({ processes: 0, checkpoint });
  const first = run();
  await until(() => existsSync(started));
  await expect(run()).rejects.toThrow(`in use by a run of process ${process.pid}`);
  await writeFile(refused, '');
  expect(await first).toBe(1);
});

it('refuses a directory that is no checkpoint', async () => {
  await expect(range(3).count().run({ processes: 0, checkpoint: directory })).rejects.toThrow(
    /is no checkpoint, it holds .*, and no plan: give a new or an empty directory/,
  );
  await expect(
    range(3)
      .count()
      .run({ processes: 0, checkpoint: join(file, 'sub') }),
  ).rejects.toBeInstanceOf(OptionError);
});

describe('a directory that is not empty', () => {
  const run = (): Promise<number> => range(3).count().run({ processes: 0, checkpoint, tmpDir });

  it.each([
    ['run/mine', /holds run, and no plan/],
    ['journal', /holds journal, and no plan/],
    ['lock', /holds lock, and no plan/],
    ['lock-smith', /holds lock-smith, and no plan/],
    ['plan.json', /holds a plan.json that is torn, or not of this version/],
    ['plan.json.done', /holds a plan.json.done that is torn, or not of this version/],
  ])('of somebody else (%s) is refused, and stays as it is', async (name, message) => {
    for (const text of ['', 'null', '{}', 'dear diary']) {
      const path = join(checkpoint, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      const error: unknown = await run().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(message);
      expect(await readdir(checkpoint)).toEqual([name.split('/')[0]]);
      expect(await readFile(path, 'utf8')).toBe(text);
    }
  });

  it.each([
    [
      'a beginning that was killed',
      ['plan.json.new', `lock-7-${randomUUID()}`, `lock-7-${randomUUID()}-dead`],
    ],
    ['a successful run that was killed', ['plan.json.done', 'journal', 'run/0.spill']],
  ])('with what is left of %s is taken', async (_, names) => {
    await mkdir(join(checkpoint, 'run'), { recursive: true });
    if (!names.includes('journal')) await rmdir(join(checkpoint, 'run'));
    for (const name of names) {
      const text = name.startsWith('plan') ? '{"format":"forkfold checkpoint 3"}' : '';
      await writeFile(join(checkpoint, name), text);
    }
    expect(await run()).toBe(3);
    const left = names.filter((name) => name.startsWith('lock')).sort();
    expect(await readdir(checkpoint).catch(() => [])).toEqual(left);
  });

  it.each(['', 'null', '{}', '\0\0'])(
    'with a lock that names nobody (%j) does not block its runs',
    async (text) => {
      const failing = range(3).map((n) => {
        if (n === 1) throw new Error('never');
        return n;
      });
      const options = { processes: 0, checkpoint, tmpDir };
      await expect(failing.count().run(options)).rejects.toThrow('never');
      await writeFile(join(checkpoint, 'lock'), text);
      await expect(failing.count().run(options)).rejects.toThrow('never');
      expect(await failing.count().run({ ...options, onError: 'skip' })).toBe(2);
    },
  );
});
