import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { csv, from, jsonLines, OptionError, range, SourceError, TaskError, textLines } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const rows = range(2000).map((n) => ({ country: ['de', 'fr', null, 'a/b'][n % 4], year: 2020 + (n % 3), n }));

/** All files below a directory with what is in them. */
async function contents(directory: string): Promise<[string, string][]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    files
      .sort()
      .map(async (file): Promise<[string, string]> => [
        relative(directory, file),
        await readFile(file, 'utf8'),
      ]),
  );
}

describe('partitionBy', () => {
  it('writes each record once, into the directory of its values, the same for any number of processes', async () => {
    const written: unknown[] = [];
    for (const processes of [0, 1, 2]) {
      const directory = shared.fresh();
      const plan = rows.writeCsv(directory, { partitionBy: ['country', 'year'] });
      const { files, records } = await plan.run(shared.options(processes, { chunkSize: 900 }));
      expect(records).toBe(2000);
      expect(files.map((file) => relative(directory, file))).toContain(
        'country=a%2Fb/year=2021/part-00000.csv',
      );
      expect(files).toHaveLength(4 * 3 * 3);
      written.push(await contents(directory));
    }
    expect(written[1]).toEqual(written[0]);
    expect(written[2]).toEqual(written[0]);
  });

  it('keeps the order of the records of a directory, and leaves its fields out', async () => {
    const directory = shared.fresh();
    await rows
      .writeJsonLines(directory, { partitionBy: 'country' })
      .run(shared.options(2, { chunkSize: 300 }));
    const read = jsonLines(join(directory, 'country=fr', '*.jsonl'));
    expect(await read.toArray().run(shared.options(2))).toEqual(
      Array.from({ length: 500 }, (_, i) => ({ year: 2020 + ((4 * i + 1) % 3), n: 4 * i + 1 })),
    );
  });

  it('takes a function, also for texts and for arrays', async () => {
    const directory = shared.fresh();
    const lines = from(['apple', 'bee', 'ant']);
    const { files } = await lines
      .writeText(directory, { partitionBy: (line) => ({ first: line[0] }) })
      .run(shared.options(1, { chunkSize: 3 }));
    expect(files.map((file) => relative(directory, file))).toEqual([
      'first=a/part-00000.txt',
      'first=b/part-00000.txt',
    ]);
    expect(await textLines(files).toArray().run(shared.options(1))).toEqual(['apple', 'ant', 'bee']);

    const other = shared.fresh();
    const pairs = from([['a', 1], ['b', 2]] as [string, number][]); // prettier-ignore
    await pairs
      .writeCsv(other, { columns: ['key', 'n'], partitionBy: ([key]) => ({ of: key }) })
      .run(shared.options(1));
    expect(await readFile(join(other, 'of=b', 'part-00000.csv'), 'utf8')).toBe('key,n\nb,2\n');
  });

  it('leaves a column out that directories have, and replaces an earlier output of its own', async () => {
    const directory = shared.fresh();
    const options = {
      columns: ['n', 'country', 'year'],
      partitionBy: ['country', 'year'],
      overwrite: true,
    } as const;
    for (const count of [4, 2]) {
      await rows.limit(count).writeCsv(directory, options).run(shared.options(1));
    }
    expect(await contents(directory)).toEqual([
      ['_SUCCESS', ''],
      [join('country=de', 'year=2020', 'part-00000.csv'), 'n\n0\n'],
      [join('country=fr', 'year=2021', 'part-00000.csv'), 'n\n1\n'],
    ]);
  });

  it.each([false, true])(
    'writes once what a child had half written when it died; checkpoint: %p',
    async (keeps) => {
      const [directory, marker] = [shared.fresh(), shared.fresh()];
      const plan = from(Array.from({ length: 1000 }, (_, n) => ({ n, marker }))).writeJsonLines(directory, {
        partitionBy(row) {
          const { existsSync: exists, writeFileSync } = process.getBuiltinModule('node:fs');
          if (row.n === 777 && !exists(row.marker)) {
            writeFileSync(row.marker, '');
            process.kill(process.pid, 'SIGKILL');
          }
          return { rest: row.n % 3 };
        },
      });
      const more = { chunkSize: 100, ...(keeps && { checkpoint: shared.fresh() }) };
      const { records, files } = await plan.run(shared.options(2, more));
      expect(existsSync(marker)).toBe(true);
      expect(records).toBe(1000);
      const numbers = await jsonLines(files)
        .map((row) => (row as { n: number }).n)
        .toArray()
        .run(shared.options(2));
      expect(numbers.sort((x, y) => x - y)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
      expect(files).toHaveLength(30);
      expect((await readdir(directory)).sort()).toEqual(['_SUCCESS', 'rest=0', 'rest=1', 'rest=2']);
    },
  );

  it('leaves nothing behind when it fails', async () => {
    const directory = shared.fresh();
    const failing = rows.writeCsv(directory, { partitionBy: 'contry' as never });
    const error = await caught(failing.run(shared.options(2)));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toContain(
      'writeCsv.partitionBy threw TypeError: a record has no field "contry": did you mean "country"?',
    );
    expect(existsSync(directory)).toBe(false);
    const skipping = from([{ k: 1, n: 1 }, { n: 2 }]).writeJsonLines(directory, {
      partitionBy: 'k' as never,
    });
    expect(await skipping.run(shared.options(1, { onError: 'skip' }))).toMatchObject({ records: 1 });
  });

  it('refuses what would make too many directories, whatever onError says', async () => {
    const plan = range(10_001).writeText(shared.fresh(), { partitionBy: (n) => ({ n }) });
    const error = await caught(plan.run(shared.options(1, { chunkSize: 20_000, onError: 'skip' })));
    expect(error).toBeInstanceOf(SourceError);
    expect((error as Error).message).toContain('partitionBy makes more than 10000 directories');
  });

  it.each<[object, string]>([
    [{ partitionBy: [] }, 'Expected "partitionBy" to be the name of a field, an array of different names'],
    [{ partitionBy: '' }, 'Expected "partitionBy"'],
    [{ partitionBy: ['a', 'a'] }, 'Expected "partitionBy"'],
    [{ partitionBy: 'a', columns: ['a'] }, 'partitionBy has all of "columns", and leaves none to write'],
    [{ partitonBy: 'a' }, 'did you mean "partitionBy"?'],
    [{ single: 1 }, 'Expected "single" to be a boolean'],
    [{ partitionBy: async () => ({}) }, 'does not wait for promises'],
  ])('refuses %p at the call', (options, message) => {
    const call = (): unknown => from([{ a: 1 }]).writeCsv('x', options);
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
    expect(() => from(['a']).writeText('x', { partitionBy: 'a' as never })).toThrow('writeText takes texts');
  });
});

describe('single', () => {
  it.each([0, 1, 2])('writes one file in the order of the records, in %d processes', async (processes) => {
    const directory = shared.fresh();
    const numbers = range(5000).map((n) => ({ n, half: n / 2 }));
    const options = shared.options(processes, { chunkSize: 100, partitions: 7 });
    const { files, records } = await numbers.writeCsv(directory, { single: true }).run(options);
    expect(files).toEqual([join(directory, 'part-00000.csv')]);
    expect(records).toBe(5000);
    const read = csv(files, { columns: { n: 'number', half: 'number' } });
    expect(await read.toArray().run(shared.options(processes))).toEqual(
      Array.from({ length: 5000 }, (_, n) => ({ n, half: n / 2 })),
    );
  });

  it('does so behind a sort, from many inputs, and with less memory than it needs', async () => {
    shared.budget = 1;
    const sorted = range(400).sortBy((n) => (n * 7) % 400).union(range(3)); // prettier-ignore
    const directory = shared.fresh();
    await sorted.writeText(directory, { single: true, gzip: true }).run(shared.options(2, { chunkSize: 50 }));
    shared.budget = undefined;
    const expected = Array.from({ length: 400 }, (_, n) => n).sort(
      (a, b) => ((a * 7) % 400) - ((b * 7) % 400),
    );
    expect(await textLines(join(directory, 'part-*')).toArray().run(shared.options(1))).toEqual(
      [...expected, 0, 1, 2].map(String),
    );
    expect(await readdir(directory)).toHaveLength(2);
  });

  it('writes one file a directory with partitionBy, and none of no records', async () => {
    const directory = shared.fresh();
    const options = { single: true, partitionBy: 'year' } as const;
    const { files } = await rows.writeCsv(directory, options).run(shared.options(2, { chunkSize: 100 }));
    expect(files.map((file) => relative(directory, file))).toEqual(
      [2020, 2021, 2022].map((year) => join(`year=${year}`, 'part-00000.csv')),
    );
    const none = await range(0).writeText(shared.fresh(), { single: true }).run(shared.options(1));
    expect(none).toMatchObject({ files: [], records: 0 });
  });

  it('leaves out one record of the writer’s, not all', async () => {
    const lines = from(['a', 'b\n', 'c']);
    const { records } = await lines
      .writeText(shared.fresh(), { single: true })
      .run(shared.options(1, { onError: 'skip' }));
    expect(records).toBe(2);
  });
});
