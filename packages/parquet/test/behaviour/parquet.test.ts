import { mkdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  count,
  createPool,
  mean,
  OptionError,
  SourceError,
  type Dataset,
  type RunOptions,
  type RunReport,
} from '@forkfold/core';
import { parquet } from '@forkfold/parquet';
import { caught, places } from '../places.js';

const { file, fresh, parquet: write } = places();

const ROWS = 1000;
const table = (rows = ROWS, from = 0): string =>
  write(
    [
      { name: 'id', type: 'INT64', data: Array.from({ length: rows }, (_, i) => BigInt(from + i)) },
      {
        name: 'name',
        type: 'STRING',
        data: Array.from({ length: rows }, (_, i) => (i % 10 === 3 ? null : `n${i % 7}é`)),
      },
      { name: 'amount', type: 'DOUBLE', data: Array.from({ length: rows }, (_, i) => i / 8) },
      { name: 'at', type: 'TIMESTAMP', data: Array.from({ length: rows }, (_, i) => new Date(1e12 + i)) },
      { name: 'ok', type: 'BOOLEAN', data: Array.from({ length: rows }, (_, i) => i % 2 === 0) },
    ],
    { rowGroupSize: 100 },
  );

const row = (i: number, from = 0): object => ({
  id: from + i,
  name: i % 10 === 3 ? null : `n${i % 7}é`,
  amount: i / 8,
  at: new Date(1e12 + i),
  ok: i % 2 === 0,
});

describe.each([0, 2])('parquet in %d processes', (processes) => {
  const pool = createPool({ processes });
  afterAll(() => pool.close());
  const options = (more: RunOptions = {}): RunOptions => ({ pool, ...more });

  it('gives all rows of all files in order, with plain values, whatever the chunks', async () => {
    const files = [table(), table(250, 5000)];
    const expected = [
      ...Array.from({ length: ROWS }, (_, i) => row(i)),
      ...Array.from({ length: 250 }, (_, i) => row(i, 5000)),
    ];
    for (const chunkBytes of [undefined, 1, 3000, 1e9]) {
      expect(await parquet(files).toArray().run(options({ chunkBytes }))).toEqual(expected);
    }
  });

  it('has one chunk a row group, and fewer where chunkBytes lets them share', async () => {
    const file = table();
    const chunks = async (more: RunOptions): Promise<number> => {
      let found: RunReport | undefined;
      await parquet(file).count().run(options({ ...more, report: (report) => (found = report) })); // prettier-ignore
      return found!.stages[0]!.chunks;
    };
    expect(await chunks({})).toBe(10);
    expect(await chunks({ chunkBytes: 1e9 })).toBe(1);
  });

  it('finds the same texts in row groups whose dictionaries have other orders', async () => {
    const names = Array.from({ length: 6000 }, (_, i) =>
      i % 11 === 5 ? null : `k${(i * (1 + (i >> 10))) % 97}`,
    );
    const path = write([{ name: 'name', type: 'STRING', data: names }], { rowGroupSize: 1024 });
    const counts = new Map<string | null, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    const found = async (rows: Dataset<Record<string, unknown>>): Promise<Map<unknown, unknown>> => {
      const groups = await rows.groupBy('name').aggregate({ n: count }).toMap().run(options());
      return new Map(Array.from(groups, ([name, { n }]) => [name, n]));
    };
    expect(await found(parquet(path))).toEqual(counts);
    const some = parquet(path, { filter: { name: { in: ['k2', 'k5', 'k96'] } } });
    expect(await found(some)).toEqual(new Map(['k2', 'k5', 'k96'].map((name) => [name, counts.get(name)])));
  });

  it('checks each row group for nulls, though the first one has none', async () => {
    const names = Array.from({ length: 300 }, (_, i) => (i === 250 ? null : `n${i % 3}`));
    const path = write([{ name: 'name', type: 'STRING', data: names }], { rowGroupSize: 100 });
    const rows = parquet(path, { columns: { name: 'string' } }).map(({ name }) => name.length);
    const error = await caught(rows.toArray().run(options()));
    expect(error.message).toMatch(/^Record 250 of .*"name" is null, and typed columns have no nulls/);
  });

  it('types rows by columns, which may be in any order', async () => {
    const rows = parquet(table(), { columns: { amount: 'number', id: 'bigint', at: 'bigint' } });
    const sum: number = await rows.map(({ amount, id }) => amount + Number(id)).reduce((a, b) => a + b).run(options()); // prettier-ignore
    expect(sum).toBe((999 * 500 * 9) / 8);
    expect(await rows.take(2).run(options())).toEqual([
      { amount: 0, id: 0n, at: 1_000_000_000_000n },
      { amount: 1 / 8, id: 1n, at: 1_000_000_000_001n },
    ]);
  });

  it('filters rows exactly, and passes over row groups that the statistics exclude', async () => {
    const file = table();
    let report: RunReport | undefined;
    const filter = { id: { gte: 290, lt: 310n }, ok: true } as const;
    const found = await parquet(file, { columns: ['id'], filter })
      .toArray()
      .run(options({ report: (given) => (report = given) }));
    expect(found).toEqual(Array.from({ length: 10 }, (_, i) => ({ id: 290 + 2 * i })));
    expect(report!.stages[0]!.chunks).toBe(2);
    const none = await parquet(file, { filter: { name: 'nobody' } })
      .count()
      .run(options());
    expect(none).toBe(0);
  });

  it('aggregates rows by name', async () => {
    const means = await parquet(table(), { columns: { name: 'string', amount: 'number' }, nulls: true })
      .groupBy('name')
      .aggregate({ n: count, mean: mean('amount') })
      .toMap()
      .run(options());
    expect(means.size).toBe(8);
    expect(means.get(null)).toEqual({ n: 100, mean: 498 / 8 });
  });

  it('refuses a null in a typed column, and leaves it out when it is told so', async () => {
    const rows = parquet(table(), { columns: { id: 'number', name: 'string' } });
    const error = await caught(rows.count().run(options()));
    expect(error).toBeInstanceOf(SourceError);
    // Each row group has such a record, and the first child that meets one ends the run.
    expect(error.message).toMatch(/^Record (\d*3) of .*\.parquet is no row of these columns: "name" is null, and typed columns have no nulls without nulls: true \(\{ id: \1, name: null \}\); mend the record, or leave it out with onError: 'skip'$/); // prettier-ignore
    expect(await rows.count().run(options({ onError: 'skip' }))).toBe(900);
  });

  it('says where a function has failed', async () => {
    const rows = parquet(table(), { columns: { id: 'number' }, filter: { id: { gt: 450 } } });
    const failing = rows.map(({ id }) => {
      if (id === 777) throw new Error('seven');
      return id;
    });
    const error = await caught(failing.count().run(options()));
    expect(error.message).toMatch(
      /^map threw Error: seven \(chunk 3 at record 777 of .*\.parquet: \{ id: 777 \}\)$/,
    );
  });

  it('tells of files that are none, cut, encrypted or damaged', async () => {
    const good = readFileSync(table());
    const bad: [string, RegExp][] = [
      [
        file('id,name\n1,x\n', '.csv'),
        /is no Parquet file: it begins with "id,name\\n1,x\\n", not with "PAR1"/,
      ],
      [file(''), /is no Parquet file: it is empty/],
      [file(gzipSync(good), '.parquet.gz'), /is no Parquet file: it begins with/],
      [
        file(good.subarray(0, good.length - 500)),
        /is cut: it has \d+ bytes, and it does not end as a Parquet file does; copy it again/,
      ],
      [file(good.subarray(0, 4)), /is cut: it has 4 bytes/],
      [file(Buffer.concat([good.subarray(0, 900), good.subarray(-3500)])), /is cut: it has \d+ bytes, and /],
      [
        file(Buffer.concat([good.subarray(0, -4), Buffer.from('PARE')])),
        /is encrypted, and forkfold has no keys/,
      ],
      [file(Buffer.concat([Buffer.from('PARE'), good.subarray(4)])), /is encrypted/],
      [
        file(Buffer.concat([good.subarray(0, 4), Buffer.alloc(400, 0xff), good.subarray(404)])),
        /cannot be read: row group 0, column "id": .*; the file is damaged/,
      ],
      [
        file(Buffer.concat([good.subarray(0, -40), Buffer.alloc(32, 0xff), good.subarray(-8)])),
        /cannot be read: its footer: .*the file is damaged/,
      ],
    ];
    for (const [path, message] of bad) {
      const error = await caught(parquet(path).count().run(options()));
      expect(error).toBeInstanceOf(SourceError);
      expect((error as SourceError).file).toBe(path);
      expect(error.message).toMatch(message);
    }
  });

  it('tells of columns that are not there, or are of another type', async () => {
    const path = table();
    const other = write([{ name: 'id', type: 'INT32', data: [1] }]);
    const bad: [() => Promise<unknown>, RegExp][] = [
      [
        () =>
          parquet(path, { columns: ['amont'] })
            .count()
            .run(options()),
        /has no column "amont": did you mean "amount"\?$/,
      ],
      [
        () =>
          parquet(path, { filter: { ide: 1 } })
            .count()
            .run(options()),
        /has no column "ide", which the filter names: did you mean "id"\?$/,
      ],
      [
        () =>
          parquet(path, { columns: { amount: 'date' } })
            .count()
            .run(options()),
        /the column "amount" is DOUBLE, and not to be read as "date": read it as "number"$/,
      ],
      [
        () => parquet([path, other]).count().run(options()),
        /has other columns than the first file: "name" is missing, "amount" is missing, "at" is missing: name the columns/,
      ],
    ];
    for (const [run, message] of bad) {
      const error = await caught(run());
      expect(error).toBeInstanceOf(SourceError);
      expect(error.message).toMatch(message);
    }
    const error = await caught(
      parquet(path, { filter: { amount: { gt: '7' } } })
        .count()
        .run(options()),
    );
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(
      /^Expected filter.amount.gt to be a number or a bigint, as the column is in .*, got "7" \(string\)$/,
    );
  });

  it('refuses an integer that a number cannot hold, and gives it as a bigint', async () => {
    const path = write([{ name: 'id', type: 'INT64', data: [1n, 2n ** 53n + 1n] }]);
    const error = await caught(parquet(path).toArray().run(options()));
    expect(error).toBeInstanceOf(SourceError);
    expect(error.message).toMatch(
      /the column "id" holds 9007199254740993, which a number cannot hold: read it as "bigint", or all by int64: 'bigint'$/,
    );
    const read = await parquet(path, { int64: 'bigint' }).toArray().run(options());
    expect(read).toEqual([{ id: 1n }, { id: 2n ** 53n + 1n }]);
  });

  it('tells of paths that lead to no file', async () => {
    const missing = await caught(parquet(fresh('.parquet')).count().run(options()));
    expect(missing).toBeInstanceOf(SourceError);
    expect(missing.message).toContain('does not exist');
    const folder = fresh();
    mkdirSync(folder);
    expect((await caught(parquet(folder).count().run(options()))).message).toContain('is a directory');
  });
});

describe('the options of parquet', () => {
  it.each<[object, RegExp]>([
    [{ column: ['a'] }, /^Unknown option "column" of parquet: did you mean "columns"\?$/],
    [{ columns: [] }, /^Expected "columns" to be an array of different names/],
    [{ columns: { a: 'int' } }, /^Expected "columns.a" to be one of "string", .*, got 'int' \(string\)$/],
    [{ filter: { a: { $gt: 1 } } }, /^Unknown operator "\$gt" of filter.a: did you mean "gt"\?$/],
    [
      { filter: { a: { gt: null } } },
      /^Expected "filter.a.gt" to be a text, a number, a bigint, a boolean or a Date, got null/,
    ],
    [{ filter: { a: { in: 3 } } }, /^Expected "filter.a.in" to be an array/],
    [{ filter: [] }, /^Expected "filter" to be an object of conditions/],
    [{ int64: 'string' }, /^Expected "int64" to be "number" or "bigint"/],
  ])('are checked at the call: %o', (options, message) => {
    expect(() => parquet('x.parquet', options)).toThrow(OptionError);
    expect(() => parquet('x.parquet', options)).toThrow(message);
  });
});
