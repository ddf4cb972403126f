import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { csv, mean, SourceError, type Dataset, type RunOptions, type RunReport } from '@forkfold/core';
import { caught, fixture, harness } from './harness.js';

interface Jobs {
  orders(paths: string): Dataset<{ id: number; day: Date; note: string }>;
  texts(paths: string): Dataset<{ id: bigint }>;
}

const shared = harness();
let jobs: Jobs;
beforeAll(async () => {
  jobs = (await import(fixture('csv-rows.job.mjs'))) as Jobs;
});

async function write(content: string | Uint8Array, ending = '.csv'): Promise<string> {
  const path = `${shared.fresh()}${ending}`;
  await writeFile(path, content);
  return path;
}

describe.each([0, 1, 2])('csv in %d processes', (processes) => {
  const options = (more: RunOptions = {}): RunOptions => shared.options(processes, more);

  it('gives typed rows to verbs, and to the parent, whatever the chunks', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      station: `s${i % 7}é`,
      temperature: i / 8,
      id: BigInt(i),
    }));
    const lines = rows.map(({ station, temperature, id }) => `${id};"${station}";${temperature}`);
    const file = await write(`id;station;temperature\n${lines.join('\r\n')}\r\n`);
    const columns = { station: 'string', temperature: 'number', id: 'bigint' } as const;
    for (const chunkBytes of [700, 10_000, undefined]) {
      const read = csv(file, { delimiter: ';', columns });
      expect(await read.toArray().run(options({ chunkBytes }))).toEqual(rows);
      const means = read.map((row) => [row.station, row.temperature]).aggregateByKey(mean);
      const found = await means.toMap().run(options({ chunkBytes }));
      expect(found.get('s3é')).toBeCloseTo(
        rows.filter((_, i) => i % 7 === 3).reduce((sum, { temperature }) => sum + temperature, 0) / 429,
        9,
      );
    }
  });

  it('joins files by the names of their columns, and compressed ones', async () => {
    const files = [
      await write('a,b\n1,2\n'),
      await write(''),
      await write('b,a\n4,3\n'),
      await write(gzipSync('\ufeffsep=;\na;b\n5;6'), '.csv.gz'),
    ];
    const all = await csv(files).toArray().run(options());
    expect(all).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
      { a: '5', b: '6' },
    ]);
    expect(all.map((row) => Object.keys(row))).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(
      await csv(await write(''))
        .toArray()
        .run(options()),
    ).toEqual([]);
    expect(
      await csv(await write('a,b'))
        .toArray()
        .run(options()),
    ).toEqual([]);
  });

  it('takes the columns of the first file that says which they are, though it is compressed', async () => {
    const files = [await write(gzipSync('x,y\n1,2\n'), '.csv.gz'), await write('y,z\n1,2\n')];
    const error = await caught(csv(files).count().run(options()));
    expect(error).toBeInstanceOf(SourceError);
    expect((error as Error).message).toContain(
      `the header of ${files[1]} has other columns than that of the first file: "x" is missing, "z" is not in that one`,
    );
  });

  it('rejects for a row that is none, with its place and the rule, or leaves it out', async () => {
    const file = await write(`n,s\n${'1,é\n'.repeat(500)}x1,"a, b"\n2,c\n3\n`);
    const read = csv(file, { columns: { n: 'number' } });
    const error = await caught(read.count().run(options({ chunkBytes: 600 })));
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file, line: 502, byte: 2504 });
    expect((error as Error).message).toBe(
      `${file}:502 (byte 2504) is no row: column "n" is to be a number, and has "x1" ([ 'x1,"a, b"' ]); mend the line, or ` +
        "leave it out with onError: 'skip'",
    );
    let told: RunReport | undefined;
    const report = (given: RunReport): void => void (told = given);
    const rows = await read.map(({ n }) => n).toArray().run(options({ onError: 'skip', report })); // prettier-ignore
    expect(rows).toEqual([...new Array<number>(500).fill(1), 2]);
    expect(told?.skipped).toMatchObject({ count: 2, records: [{ line: 502, byte: 2504 }, { line: 504 }] });
    expect(told?.skipped.records[1]?.error).toContain(
      'it has 1 field, and there are 2 columns: column "s" is missing',
    );
    const limited = await caught(read.count().run(options({ onError: { maxSkipped: 1 } })));
    expect(limited).toBeInstanceOf(SourceError);
  });

  it('rejects for an open quote whatever onError says, since what follows may be no rows', async () => {
    const file = await write('a,b\n1,"x\n2,y"\n3,z\n');
    const error = await caught(
      csv(file)
        .toArray()
        .run(options({ onError: 'skip' })),
    );
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file, line: 2, byte: 4 });
    expect((error as Error).message).toContain('multiline: true');
    const rows = await csv(file, { multiline: true })
      .toArray()
      .run(options({ chunkBytes: 3 }));
    expect(rows).toEqual([
      { a: '1', b: 'x\n2,y' },
      { a: '3', b: 'z' },
    ]);
  });

  it('checks rows by a schema, after the types of their columns', async () => {
    const file = await write('id,day,note\n1,2024-01-02,x\n2,2024-01-03,y\n');
    expect(await jobs.orders(file).toArray().run(options())).toEqual([
      { id: 1, day: new Date('2024-01-02'), note: 'x' },
      { id: 2, day: new Date('2024-01-03'), note: 'y' },
    ]);
    expect(await jobs.texts(file).toArray().run(options())).toEqual([{ id: 1n }, { id: 2n }]);
    const bad = await write('id,day,note\n1,2024-01-02,x\n1.5,2024-01-03,\n');
    const error = await caught(jobs.orders(bad).count().run(options()));
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file: bad, line: 3, byte: 27 });
    expect((error as Error).message).toMatch(/is no match for the schema: id: .*; note: /);
    expect(
      await jobs
        .orders(bad)
        .count()
        .run(options({ onError: 'skip' })),
    ).toBe(1);
  });

  it('names a record whose function throws by its line', async () => {
    const file = await write('n\n1\n2\n3\n');
    const plan = csv(file, { columns: { n: 'number' } }).map(({ n }) => {
      if (n === 2) throw new RangeError('two');
      return n;
    });
    const error = await caught(plan.count().run(options()));
    expect(error).toMatchObject({ name: 'TaskError', file, line: 3, byte: 4, preview: '{ n: 2 }' });
  });
});

it('reads many small files, each by its own header', async () => {
  const files = await Promise.all(
    Array.from({ length: 1100 }, (_, i) => write(i % 2 === 0 ? `a,b\n${i},x\n` : `b,a\nx,${i}\n`)),
  );
  const sum = csv(files, { columns: { a: 'number' } }).map(({ a }) => a).reduce((x, y) => x + y); // prettier-ignore
  expect(await sum.run(shared.options(2))).toBe((1099 * 1100) / 2);
});
