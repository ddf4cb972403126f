import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createPool,
  from,
  OptionError,
  range,
  SourceError,
  TaskError,
  textLines,
  WorkerCrashError,
  type Dataset,
  type Plan,
  type WrittenFiles,
} from '@forkfold/core';
import { expectTypeOf } from 'expect-type';
import { caught, directories, fixture, harness, script } from './harness.js';

// After a test there is its output or nothing, and nothing of a run.
const place = directories(harness());
const { options } = place;
let [root, dir, tmpDir] = ['', '', ''];
let writeLines: (numbers: Dataset<number>, directory: string, options?: object) => Plan<WrittenFiles>;

beforeAll(async () => {
  ({ writeLines } = (await import(fixture('write.job.mjs'))) as { writeLines: typeof writeLines });
});

beforeEach(() => {
  ({ root, tmpDir } = place);
  dir = join(root, 'out');
});

async function partNames(): Promise<string[]> {
  const names = (await readdir(dir)).sort();
  expect(names[0]).toBe('_SUCCESS');
  return names.slice(1);
}

async function contents(): Promise<string> {
  const texts = (await partNames()).map(async (name) => {
    const bytes = await readFile(join(dir, name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  });
  return (await Promise.all(texts)).join('');
}

const lines = (records: readonly unknown[]): string =>
  records.map((record) => `${String(record)}\n`).join('');
const numbers = Array.from({ length: 1000 }, (_, i) => i);

describe.each([0, 1, 2])('in %d processes', (processes) => {
  it('writes text whose parts, sorted by name, are the records in order', async () => {
    const plan = range(1000).writeText(dir);
    const written = await plan.run(options(processes, { chunkSize: 100 }));
    expect(await contents()).toBe(lines(numbers));
    expect(await partNames()).toEqual(Array.from({ length: 10 }, (_, i) => `part-0000${i}.txt`));
    expect(written).toEqual({
      directory: dir,
      files: (await partNames()).map((name) => join(dir, name)),
      records: 1000,
      bytes: lines(numbers).length,
    });
  });

  it('writes JSON lines, compressed if asked', async () => {
    const records = numbers.map((n) => ({ n, text: `zwölf\n${n}` }));
    const { bytes } = await from(records)
      .writeJsonLines(dir, { gzip: true })
      .run(options(processes, { chunkSize: 300 }));
    expect(await partNames()).toEqual([0, 1, 2, 3].map((i) => `part-0000${i}.jsonl.gz`));
    const text = await contents();
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(records);
    expect(bytes).toBeLessThan(text.length);
  });

  it('writes the same parts for any number of processes', async () => {
    const plan = from(numbers)
      .keyBy((n) => n % 17)
      .groupByKey()
      .writeJsonLines(dir);
    await plan.run(options(processes, { chunkSize: 50, partitions: 5 }));
    const records = (await contents()).trimEnd().split('\n');
    expect(records).toHaveLength(17);
    const expected = numbers.filter((n) => n % 17 === 3);
    expect(records).toContain(JSON.stringify([3, expected]));
    const names = await partNames();
    const first = await contents();
    await from(numbers)
      .keyBy((n) => n % 17)
      .groupByKey()
      .writeJsonLines(dir, { overwrite: true })
      .run(options(2, { chunkSize: 50, partitions: 5 }));
    expect(await partNames()).toEqual(names);
    expect(await contents()).toBe(first);
  });

  it('writes a sorted dataset sorted over all parts', async () => {
    const shuffled = numbers.map((n) => (n * 7919) % 1000);
    await from(shuffled)
      .sortBy((n) => n)
      .writeText(dir)
      .run(options(processes, { chunkSize: 100, partitions: 4 }));
    expect((await partNames()).length).toBeGreaterThan(1);
    expect(await contents()).toBe(lines(numbers));
  });

  it('writes no part for a chunk without records, and _SUCCESS alone for no records', async () => {
    const plan = range(1000)
      .filter((n) => n >= 500)
      .writeText(dir);
    await plan.run(options(processes, { chunkSize: 100 }));
    expect(await partNames()).toHaveLength(5);
    const none = await from<string>([]).writeText(dir, { overwrite: true }).run(options(processes));
    expect(await partNames()).toEqual([]);
    expect(none).toEqual({ directory: dir, files: [], records: 0, bytes: 0 });
  });

  it('writes what is larger than a block, as files that textLines reads back', async () => {
    const plan = range(300)
      .map((n) => `${n} ${'ä'.repeat(5000)}`)
      .writeText(dir, { gzip: true });
    await plan.run(options(processes, { chunkSize: 150 }));
    const read = await textLines(join(dir, 'part-*'))
      .map((line) => Number.parseInt(line, 10))
      .toArray()
      .run({ processes: 0, tmpDir });
    expect(read).toEqual(numbers.slice(0, 300));
  });

  it('ends a job', async () => {
    await writeLines(range(20), dir).run(options(processes, { chunkSize: 10 }));
    expect(await contents()).toBe(lines(numbers.slice(0, 20).map((n) => `line ${n}`)));
  });

  it.each([
    ['a\nb', /line feed/],
    ['\ud800', /lone surrogate/],
    [{ a: 1 }, /map it to a string/],
    [undefined, /not undefined/],
  ])('refuses %p as text, naming the record', async (record, message) => {
    const error = await caught(
      from<unknown>(['fine', record])
        .writeText.call(from(['fine', record]) as never, dir)
        .run(options(processes, { chunkSize: 2 })),
    );
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({ verb: 'writeText', index: 1 });
    expect((error as Error).message).toMatch(message);
    expect(existsSync(dir)).toBe(false);
  });

  it('refuses what JSON would lose, naming the path and the record', async () => {
    const error = await caught(
      from([{ rows: [1] }, { rows: [1, NaN] }])
        .writeJsonLines(dir)
        .run(options(processes, { chunkSize: 2 })),
    );
    expect(error).toBeInstanceOf(TaskError);
    expect((error as Error).message).toContain('record.rows[1] is NaN');
    expect(error).toMatchObject({ verb: 'writeJsonLines', index: 1 });
    expect(existsSync(dir)).toBe(false);
  });

  it('leaves a record out that cannot be written, with onError: skip', async () => {
    await from<unknown>([{ n: 1 }, { n: NaN }, { n: 2n }, { n: 3 }])
      .writeJsonLines(dir)
      .run(options(processes, { chunkSize: 4, onError: { maxSkipped: 2 } }));
    expect(await contents()).toBe('{"n":1}\n{"n":3}\n');
  });

  it('leaves nothing when user code throws after parts were written', async () => {
    const plan = range(100)
      .map((n) => {
        if (n === 95) throw new Error('boom');
        return n;
      })
      .writeText(join(dir, 'nested', 'deep'));
    await expect(plan.run(options(processes, { chunkSize: 10 }))).rejects.toThrow('boom');
    expect(existsSync(dir)).toBe(false);
  });

  it('leaves nothing of an aborted run, and rejects with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = range(1000)
      .writeText(dir)
      .run(
        options(processes, {
          chunkSize: 10,
          signal: controller.signal,
          progress: ({ chunks }) => {
            if (chunks === 10) controller.abort(reason);
          },
        }),
      );
    await expect(run).rejects.toBe(reason);
    expect(existsSync(dir)).toBe(false);
  });
});

describe('a child that dies while it writes', () => {
  it.each([true, false])('is replaced, and every record is written once; gzip: %p', async (gzip) => {
    const marker = join(root, 'died');
    const plan = from(numbers.map((n) => ({ n, marker })))
      .mapAsync(async ({ n, marker }) => {
        const { appendFileSync, existsSync, readFileSync } = await import('node:fs');
        const deaths = existsSync(marker) ? readFileSync(marker).length : 0;
        // In the middle of a part, when blocks of it have been written.
        if ((n === 550 && deaths === 0) || (n === 990 && deaths === 1)) {
          appendFileSync(marker, 'x');
          process.kill(process.pid, 'SIGKILL');
          await new Promise(() => undefined);
        }
        return `${n} ${'x'.repeat(9000)}`;
      })
      .writeText(dir, { gzip });
    const { records } = await plan.run(options(2, { chunkSize: 100 }));
    expect(await readFile(marker, 'utf8')).toBe('xx');
    expect(records).toBe(1000);
    expect(await partNames()).toHaveLength(10);
    expect(await contents()).toBe(lines(numbers.map((n) => `${n} ${'x'.repeat(9000)}`)));
  });

  it('on every attempt leaves nothing', async () => {
    const plan = range(100)
      .mapAsync(async (n) => {
        if (n === 60) {
          process.kill(process.pid, 'SIGKILL');
          await new Promise(() => undefined);
        }
        return n;
      })
      .writeText(dir);
    await expect(plan.run(options(2, { chunkSize: 10, retries: 1 }))).rejects.toBeInstanceOf(
      WorkerCrashError,
    );
    expect(existsSync(dir)).toBe(false);
  });
});

describe('a checkpoint', () => {
  it('keeps the parts of a run that failed for the run that goes on', async () => {
    const checkpoint = join(root, 'checkpoint');
    const [marker, calls] = [join(root, 'mended'), join(root, 'calls')];
    const plan = from(numbers.map((n) => ({ n, marker, calls })))
      .mapAsync(async ({ n, marker, calls }) => {
        const { appendFileSync, existsSync } = await import('node:fs');
        appendFileSync(calls, '.');
        if (n === 950 && !existsSync(marker)) throw new Error('boom');
        return n;
      })
      .writeText(dir);
    const given = options(1, { chunkSize: 100, checkpoint });
    await expect(plan.run(given)).rejects.toThrow('boom');
    expect(existsSync(dir)).toBe(false);
    await writeFile(marker, '');
    const { records } = await plan.run(given);
    expect(records).toBe(1000);
    expect(await contents()).toBe(lines(numbers));
    expect((await readFile(calls)).length).toBeLessThan(1000 + 200);
    expect(existsSync(checkpoint)).toBe(false);
  });
});

describe('children that may write nowhere but in the run directory', () => {
  it('write parts there, and the parent moves them', async () => {
    await range(1000).writeText(dir).run({ processes: 1, chunkSize: 100, tmpDir, permissions: true });
    expect(await contents()).toBe(lines(numbers));
  });

  it('do so in a pool, too', async () => {
    await using confined = createPool({ processes: 1, permissions: true, tmpDir });
    await range(1000).writeText(dir).run({ pool: confined, chunkSize: 100, tmpDir });
    expect(await contents()).toBe(lines(numbers));
  });

  it.each([true, false])('write to another file system, where there is one; checkpoint: %p', async (kept) => {
    const device = (path: string): number => statSync(path).dev;
    const isOther = (path: string): boolean => existsSync(path) && device(path) !== device(root);
    const shared = ['/dev/shm', '/var/tmp'].find(isOther);
    if (shared === undefined) return;
    const other = await mkdtemp(join(shared, 'forkfold-sinks-'));
    const checkpoint = kept ? { checkpoint: join(other, 'checkpoint') } : {};
    await range(1000)
      .writeText(dir)
      .run({ processes: 1, chunkSize: 100, tmpDir: other, permissions: true, ...checkpoint });
    expect(await contents()).toBe(lines(numbers));
    expect(await readdir(other)).toEqual([]);
    await rm(other, { recursive: true });
  });
});

describe('an existing directory', () => {
  it('is refused before any work', async () => {
    await mkdir(dir);
    await writeFile(join(dir, 'part-00000.txt'), 'old');
    let pulled = 0;
    const source = (function* () {
      yield (pulled += 1);
    })();
    const error = await caught(from(source).writeText(dir).run(options(2)));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe(
      `${dir} exists already: write to another directory, remove it, or set overwrite: true`,
    );
    expect(pulled).toBe(0);
    expect(await readdir(dir)).toEqual(['part-00000.txt']);
  });

  it('is replaced with overwrite, and kept when the run fails', async () => {
    await range(1000)
      .writeText(dir)
      .run(options(2, { chunkSize: 10 }));
    const failing = range(10)
      .map((n) => {
        if (n === 7) throw new Error('boom');
        return n;
      })
      .writeText(dir, { overwrite: true });
    await expect(failing.run(options(2))).rejects.toThrow('boom');
    expect(await contents()).toBe(lines(numbers));
    await range(5)
      .writeText(dir, { overwrite: true })
      .run(options(2, { chunkSize: 5 }));
    expect(await partNames()).toEqual(['part-00000.txt']);
    expect(await contents()).toBe(lines([0, 1, 2, 3, 4]));
  });

  it('can be the input of the run that overwrites it', async () => {
    await range(100)
      .writeText(dir)
      .run(options(2, { chunkSize: 10 }));
    await textLines(join(dir, 'part-*'))
      .map((line) => line + line)
      .writeText(dir, { overwrite: true })
      .run(options(2));
    expect(await contents()).toBe(lines(numbers.slice(0, 100).map((n) => `${n}${n}`)));
  });
});

describe('a full disk', () => {
  const full = { processes: 1, execArgv: ['--import', fixture('full-disk.mjs')] };

  it('is an error that names directory and bytes when parts are written, and leaves nothing', async () => {
    const error = await caught(
      range(1000)
        .map((n) => `${n} ${'x'.repeat(9000)}`)
        .writeText(dir)
        .run({ ...full, env: { FULL_DISK_BYTES: '1000000' }, chunkSize: 200, tmpDir }),
    );
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ code: 'ERR_FORKFOLD_SOURCE', cause: { code: 'ENOSPC' } });
    expect((error as Error).message).toMatch(
      new RegExp(
        `^No space left in ${dir} after 1000000 bytes of a part: free space or write to another disk$`,
      ),
    );
    expect(existsSync(dir)).toBe(false);
  });

  it.each<[string, (records: Dataset<string>) => Plan<unknown>]>([
    [
      'a keyed verb',
      (records) =>
        records
          .keyBy((text) => text)
          .groupByKey()
          .count(),
    ],
    ['a combining verb', (records) => records.countByValue().count()],
    ['a sort', (records) => records.sortBy((text) => text).count()],
  ])('is an error that names directory and bytes when %s spills, and leaves nothing', async (_, planOf) => {
    const records = range(1000).map((n) => `${n} ${'x'.repeat(9000)}`);
    const error = await caught(
      planOf(records)
        // A full disk is no fault of a record.
        .run({ ...full, env: { FULL_DISK_BYTES: '1000000' }, chunkSize: 200, tmpDir, onError: 'skip' }),
    );
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ cause: { code: 'ENOSPC' } });
    expect((error as Error).message).toMatch(
      new RegExp(
        `^No space left in ${tmpDir}/forkfold-\\w+ after \\d+ bytes of temporary data: free space or set tmpDir$`,
      ),
    );
  });
});

describe('a program that ends in the middle', () => {
  it.each([
    ['process.exit', 'process.exit(7)', 7],
    ['SIGINT', "process.kill(process.pid, 'SIGINT')", 130],
  ])('by %s leaves nothing', async (_, end, code) => {
    const text = `
      import { range } from '@forkfold/core';
      await range(1000).writeText(process.argv[1], {}).run({
        processes: 1, chunkSize: 10, tmpDir: process.argv[2],
        progress: ({ chunks }) => { if (chunks === 10) ${end}; },
      });`;
    const run = script(text, join(dir, 'below'), tmpDir);
    await expect(run).rejects.toMatchObject({ code });
    expect((await readdir(root)).filter((name) => name !== 'tmp')).toEqual([]);
  });
});

describe('the arguments', () => {
  it.each([
    [() => range(3).writeText(''), 'Expected "dir" to be the path of a directory'],
    [() => range(3).writeText(7 as never), 'Expected "dir" to be the path of a directory, got 7 (number)'],
    [() => range(3).writeText('x', { gzip: 'yes' as never }), 'Expected "gzip" to be a boolean'],
    [() => range(3).writeJsonLines('x', { overwite: true } as never), 'Unknown option "overwite"'],
  ])('are checked at once: %s', (make, message) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });

  it('are typed: text is written of what has one natural text', () => {
    expectTypeOf(range(3).writeText).toBeCallableWith('x');
    expectTypeOf(from(['a']).writeText('x')).toEqualTypeOf<Plan<WrittenFiles>>();
    // @ts-expect-error an object has no natural text
    expect(() => from([{ a: 1 }]).writeText('x')).not.toThrow();
  });
});
