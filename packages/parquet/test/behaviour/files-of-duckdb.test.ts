import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parquet } from '@forkfold/parquet';
import { caught } from '../places.js';

/** Files that DuckDB 1.5 has written: `test/duckdb` has it write more. */
const written = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/duckdb/${name}.parquet`, import.meta.url));

describe('a file of DuckDB', () => {
  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw', 'v2'])(
    'is read: %s',
    async (name) => {
      const rows = await parquet(written(name)).toArray().run({ processes: 0 });
      expect(rows).toEqual(Array.from({ length: 500 }, (_, i) => ({ i, s: `value ${i % 13}`, x: i / 3 })));
    },
  );

  it('has types of all kinds, which become plain values', async () => {
    const [row] = await parquet(written('types'), { filter: { i32: 3 }, int64: 'bigint' })
      .toArray()
      .run({ processes: 0 });
    expect(row).toEqual({
      i32: 3,
      i64: 3_000_000_000_000n,
      u8: 3,
      u64: 18446744073709551003n,
      f64: 0.375,
      f32: 0.375,
      dec9: 3.75,
      dec18: 3.75,
      dec38: 3.75,
      ok: false,
      name: null,
      day: new Date('2024-01-04'),
      ts: new Date('1970-01-01T02:59:59.999Z'),
      tstz: new Date('2024-01-01T03:00:00Z'),
      tsns: new Date(1_700_000_000_123),
      tod: 10_862_500_000,
      iv: { months: 0, days: 3, milliseconds: 0 },
      b: new Uint8Array([0, 255]),
      id: '00000000-0000-0000-0000-000000000003',
      xs: [3, null, 4],
      geo: { lat: 0.375, lon: [3n] },
      m: { a: 3n, b: null },
      ds: [{ k: 'x', d: new Date('2024-01-01') }],
      deep: [[3], [null], []],
      js: { n: 3 },
      e: 'blue',
    });
  });

  it('keeps what a number, a Date or a record would lose, where columns say so', async () => {
    const columns = {
      i32: 'bigint',
      dec38: 'string',
      ts: 'bigint',
      tsns: 'bigint',
      js: 'string',
      iv: 'bytes',
      tod: 'bigint',
    } as const;
    const [row] = await parquet(written('types'), { columns, filter: { i32: 3 } })
      .toArray()
      .run({ processes: 0 });
    expect(row).toEqual({
      i32: 3n,
      dec38: '3.7500',
      ts: 10_799_999_999n,
      tsns: 1_700_000_000_123_456_792n,
      js: '{"n": 3}',
      iv: new Uint8Array([0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]),
      tod: 10_862_500_000n,
    });
    const whole = await parquet(written('types'), { columns: ['dec9', 'dec38'], decimal: 'string' })
      .take(2)
      .run({ processes: 0 });
    expect(whole[1]).toEqual({ dec9: '1.25', dec38: '1.2500' });
    const filtered = parquet(written('types'), {
      columns: ['i32'],
      decimal: 'string',
      filter: { dec38: { gt: 47.4 } },
    });
    expect(await filtered.toArray().run({ processes: 0 })).toEqual([{ i32: 38 }, { i32: 39 }]);
  });

  it('that is encrypted is refused', async () => {
    const error = await caught(parquet(written('encrypted')).count().run({ processes: 0 }));
    expect(error.message).toMatch(/is encrypted, and forkfold has no keys: write it without encryption/);
  });
});
