import { existsSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createPool,
  from,
  OptionError,
  range,
  TaskError,
  type RunOptions,
  type RunReport,
} from '@forkfold/core';
import { parquet, writeParquet } from '@forkfold/parquet';
import { caught, places } from '../places.js';

const { fresh } = places();

describe.each([0, 2])('writeParquet in %d processes', (processes) => {
  const pool = createPool({ processes });
  afterAll(() => pool.close());
  // One part, since each has columns of its own.
  const options = (more: RunOptions = {}): RunOptions => ({ pool, chunkSize: 1000, ...more });

  it('writes parts that parquet reads back as they were, in order', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      id: i,
      big: BigInt(i) * 10n ** 15n,
      name: i % 10 === 3 ? null : `n${i % 7}é😀`,
      at: new Date(1e12 + i * 1e7 - 2e12),
      ok: i % 2 === 0,
      tags: i % 4 === 0 ? [] : i % 4 === 1 ? null : ['a', null, `t${i}`],
      geo:
        i % 5 === 0
          ? null
          : { lat: i / 8, lon: i % 3 === 0 ? null : -i, deep: { xs: [[i], [], [i + 1, null]] } },
      bytes: new Uint8Array([i % 256, 1]),
    }));
    const out = fresh();
    const written = await from(rows)
      .writeParquet(out, { rowGroupSize: 150 })
      .run(options({ chunkSize: 400 }));
    expect(written).toMatchObject({ directory: out, records: 1000 });
    expect(readdirSync(out).sort()).toEqual([
      '_SUCCESS',
      ...written.files.map((file) => file.slice(out.length + 1)),
    ]);
    expect(await parquet(`${out}/*.parquet`, { int64: 'bigint' }).toArray().run(options())).toEqual(rows);
    let report: RunReport | undefined;
    const some = parquet(written.files, { columns: ['id'], filter: { id: { gt: 800 } } }).count();
    expect(await some.run(options({ report: (given) => (report = given) as never }))).toBe(199);
    expect(report!.stages[0]!.chunks).toBe(2);
  });

  it('leaves nothing when a record is at fault, and says which', async () => {
    const out = fresh();
    const rows = range(100).map((n) => ({ n: n === 57 ? 'x' : n }));
    const error = await caught(rows.writeParquet(out).run(options()));
    expect(error).toBeInstanceOf(TaskError);
    expect(error.message).toMatch(
      /^writeParquet threw TypeError: record.n is a string, and a record before it has a number: map them to one type, or say it in columns/,
    );
    expect(existsSync(out)).toBe(false);
    const written = await rows
      .writeParquet(out, { columns: { n: 'int32' } })
      .run(options({ onError: 'skip' }));
    expect(written.records).toBe(99);
  });

  it.each<[string, readonly unknown[], object, RegExp]>([
    [
      'a Map',
      [{ a: new Map() }],
      {},
      /record.a is a Map, for which Parquet has no type: map it to plain data first/,
    ],
    ['an array', [[1]], {}, /writeParquet takes objects, whose keys are the columns, not an array/],
    [
      'a key that comes later',
      [{ a: 1 }, { a: 1, b: 2 }],
      {},
      /record.b would be lost: the columns are a; name all of them in columns/,
    ],
    [
      'a column without any value',
      [{ a: 1, b: null }],
      {},
      /^writeParquet threw TypeError: record.b is null in all records of a part, so its type is not known: say it in columns/,
    ],
    ['a lone surrogate', [{ a: '\ud800' }], {}, /record.a holds a lone surrogate/],
    [
      'an integer that is too large',
      [{ a: 2n ** 63n }],
      {},
      /record.a is 9223372036854775808 \(bigint\), and its column takes an integer of 64 bits/,
    ],
    [
      'a fraction',
      [{ a: 1.5 }],
      { columns: { a: 'int32' } },
      /record.a is 1.5 \(number\), and its column takes an integer of 32 bits/,
    ],
    [
      'minus zero',
      [{ a: -0 }],
      { columns: { a: 'int32' } },
      /record.a is -0 \(number\), and its column takes an integer of 32 bits/,
    ],
    [
      'a number that is too large for 32 bits',
      [{ a: 1e300 }],
      { columns: { a: 'float' } },
      /record.a is 1e\+300 \(number\), and its column takes a number of 32 bits: write it as 'number'/,
    ],
    ['an invalid date', [{ a: new Date(NaN) }], {}, /record.a is an invalid Date/],
    ['a column that UTF-8 cannot name', [{ '\ud800': 1 }], {}, /the name of a column holds a lone surrogate/],
    [
      'a time of day',
      [{ a: new Date(1) }],
      { columns: { a: 'day' } },
      /has a time of day: write it as 'date'/,
    ],
    [
      'an item of a list',
      [{ a: [1, 'x'] }],
      {},
      /record.a\[1\] is a string, and a record before it has a number/,
    ],
    [
      'a field',
      [{ a: { b: [{ c: 1n }] } }],
      { columns: { a: { b: [{ c: 'string' }] } } },
      /record.a.b\[0\].c is 1 \(bigint\), and its column takes a string/,
    ],
  ])('refuses %s', async (_, rows, more, message) => {
    const error = await caught(
      from(rows as object[])
        .writeParquet(fresh(), more)
        .run(options()),
    );
    expect(error).toBeInstanceOf(TaskError);
    expect(error.message).toMatch(message);
  });

  it('learns the types of columns that are null in whole row groups', async () => {
    const out = fresh();
    const rows = Array.from({ length: 10 }, (_, i) => ({
      i,
      late: i > 6 ? 'x' : null,
      list: i > 5 ? [i] : [],
      record: i > 4 ? { a: i } : {},
    }));
    await from(rows).writeParquet(out, { rowGroupSize: 2, single: true }).run(options());
    let chunks = 0;
    const report = (given: RunReport): void => void (chunks = given.stages[0]!.chunks!);
    const read = await parquet(`${out}/*.parquet`)
      .toArray()
      .run({ ...options(), report });
    const expected = rows.map((row) => ({
      ...row,
      record: row.record.a === undefined ? { a: null } : row.record,
    }));
    expect(read).toEqual(expected);
    expect(chunks).toBe(5);
  });

  it('writes columns that are named, in their order, null where a record lacks them', async () => {
    const out = fresh();
    const columns = { z: ['bigint'], day: 'day', f: 'float', a: 'string' } as const;
    const rows = [{ a: 'x', z: [1, 2n, null] }, { day: new Date('2024-02-29'), f: 0.1 }, {}];
    await writeParquet(from(rows), out, { columns }).run(options());
    const read = await parquet(`${out}/*.parquet`).toArray().run(options());
    expect(read).toEqual([
      { z: [1, 2, null], day: null, f: null, a: 'x' },
      { z: null, day: new Date('2024-02-29'), f: Math.fround(0.1), a: null },
      { z: null, day: null, f: null, a: null },
    ]);
    expect(Object.keys(read[0]!)).toEqual(['z', 'day', 'f', 'a']);
  });

  it('replaces an earlier output only when it is told so', async () => {
    const out = fresh();
    const plan = from([{ a: 1 }]).writeParquet(out, { codec: 'gzip', extension: '.pq' });
    await plan.run(options());
    expect(await caught(plan.run(options()))).toBeInstanceOf(OptionError);
    const written = await from([{ a: 2 }])
      .writeParquet(out, { overwrite: true, codec: 'brotli' })
      .run(options());
    expect(await parquet(written.files).toArray().run(options())).toEqual([{ a: 2 }]);
  });
});

describe('parts by value', () => {
  it('are one directory each, whose rows leave out the fields, and one file with single', async () => {
    const out = fresh();
    const rows = from(Array.from({ length: 60 }, (_, i) => ({ country: i % 3 === 0 ? 'de' : 'it', n: i })));
    const columns = { n: 'int32', country: 'string' } as const;
    const written = await rows.writeParquet(out, { partitionBy: 'country', columns, single: true }).run({ processes: 2, chunkSize: 7 }); // prettier-ignore
    expect(written.files.map((file) => file.slice(out.length))).toEqual([
      '/country=de/part-00000.parquet',
      '/country=it/part-00000.parquet',
    ]);
    const read = await parquet(`${out}/country=de/*.parquet`).toArray().run({ processes: 0 });
    expect(read).toEqual(Array.from({ length: 20 }, (_, i) => ({ n: 3 * i })));
    const one = await rows.writeParquet(fresh(), { single: true }).run({ processes: 2, chunkSize: 7 });
    expect(await parquet(one.files).map(({ n }) => n).toArray().run({ processes: 0 })).toEqual(Array.from({ length: 60 }, (_, i) => i)); // prettier-ignore
    expect(one.files).toHaveLength(1);
    const whole = parquet(`${out}/*/*.parquet`, { columns: { n: 'number' }, partitionedBy: { country: 'string' } }); // prettier-ignore
    const all = await whole.toArray().run({ processes: 0 });
    const expected = await rows.toArray().run({ processes: 0 });
    const byN = (a: { readonly n: number }, b: { readonly n: number }): number => a.n - b.n;
    expect(all.sort(byN)).toEqual(expected.map(({ n, country }) => ({ n, country })));
    const error = await caught(parquet(written.files, { partitionedBy: ['county'] }).count().run({ processes: 1 })); // prettier-ignore
    expect(error.message).toContain('is in no directory of "county", a column of partitionedBy: did you mean "country"?'); // prettier-ignore
    expect(() => rows.writeParquet(out, { partitionBy: ['n', 'country'], columns })).toThrow(/leaves none to write/); // prettier-ignore
    // @ts-expect-error there is no such field
    expect(() => rows.writeParquet(out, { partitionBy: 7 })).toThrow(OptionError);
  });
});

describe('any rows', () => {
  it('come back from a file as they were', async () => {
    const cell = fc.record({
      t: fc.option(fc.string({ unit: 'grapheme' })),
      n: fc.option(fc.double()),
      i: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      d: fc.option(fc.date({ noInvalidDate: true })),
      l: fc.option(fc.array(fc.option(fc.array(fc.option(fc.boolean()))))),
      r: fc.option(fc.record({ x: fc.option(fc.integer()), y: fc.option(fc.uint8Array()) })),
    });
    const columns = {
      t: 'string',
      n: 'number',
      i: 'bigint',
      d: 'date',
      l: [['boolean']],
      r: { x: 'int32', y: 'bytes' },
    } as const;
    const property = fc.asyncProperty(
      fc.array(cell, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 25 }),
      async (rows, rowGroupSize) => {
        const out = fresh();
        const written = await from(rows as object[])
          .writeParquet(out, { columns, rowGroupSize })
          .run({ processes: 0, chunkSize: 1000 });
        expect(await parquet(written.files, { int64: 'bigint' }).toArray().run({ processes: 0 })).toEqual(
          rows.map(plain),
        );
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });
});

/** fast-check makes records without a prototype. */
function plain(row: object): object {
  return structuredClone({ ...row });
}

describe('the options of writeParquet', () => {
  it.each<[object, RegExp]>([
    [
      { codec: 'lzo' },
      /^Expected "codec" to be one of "snappy", "zstd", "gzip", "brotli", "uncompressed", got 'lzo'/,
    ],
    [{ gzip: true }, /^Unknown option "gzip" of writeParquet/],
    [{ rowGroupSize: 0 }, /^Expected "rowGroupSize" to be an integer of at least 1/],
    [
      { columns: { a: 'strin' } },
      /^Expected "columns.a" to be one of "string", .*: did you mean "string"\?, got 'strin'/,
    ],
    [{ columns: { a: [{ b: 'x' }] } }, /^Expected "columns.a\[0\].b" to be one of/],
    [{ columns: {} }, /^Expected "columns" to be an object of types/],
  ])('are checked at the call: %o', (options, message) => {
    expect(() => from([{ a: 1 }]).writeParquet('x', options)).toThrow(OptionError);
    expect(() => from([{ a: 1 }]).writeParquet('x', options)).toThrow(message);
  });
});
