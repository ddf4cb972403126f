import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { anyCharacter } from '../../../core/test/values/any-character.js';
import { formatOf } from '../../src/check-options.js';
import type { ParquetFilter } from '../../src/parquet-options.js';
import { columnsOf } from '../../src/read/columns-of.js';
import { rowsThatHold } from '../../src/read/compare.js';
import { isExcluded } from '../../src/read/exclude.js';
import { readColumn } from '../../src/read/row-group.js';

const parsers = { stringFromBytes: (bytes: Uint8Array) => bytes, timestampFromMilliseconds: Number };
const text = fc.string({ unit: anyCharacter, maxLength: 20 });
const value = fc.record({
  t: fc.option(text),
  n: fc.option(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double())),
  i: fc.option(fc.bigInt({ min: -20n, max: 20n })),
  b: fc.option(fc.boolean()),
});
const small = fc.integer({ min: -10, max: 10 });
const condition = fc.oneof(
  fc.record({ t: fc.record({ gt: text }) }),
  fc.record({ t: fc.record({ lte: text }) }),
  ...['gt', 'gte', 'lt', 'lte', 'eq', 'ne'].map((operator) =>
    fc.record({ n: fc.record({ [operator]: small }) }),
  ),
  fc.record({
    i: fc.record({ in: fc.array(fc.option(fc.bigInt({ min: -25n, max: 25n })), { maxLength: 3 }) }),
  }),
  fc.record({ i: fc.record({ notIn: fc.array(small, { maxLength: 3 }) }) }),
  fc.record({ b: fc.option(fc.boolean()) }),
  fc.record({ b: fc.record({ ne: fc.option(fc.boolean()) }) }),
);

describe('a filter', () => {
  it('passes over no row group that has a row for which it holds, and reads what hyparquet reads', async () => {
    const rows = fc.array(value, { minLength: 1, maxLength: 12 });
    const filters = fc.array(condition, { minLength: 1, maxLength: 2 });
    const property = fc.asyncProperty(rows, filters, async (given, either) => {
      const bytes = parquetWriteBuffer({
        columnData: [
          { name: 't', type: 'STRING', data: given.map(({ t }) => t) },
          { name: 'n', type: 'DOUBLE', data: given.map(({ n }) => n) },
          { name: 'i', type: 'INT64', data: given.map(({ i }) => i) },
          { name: 'b', type: 'BOOLEAN', data: given.map(({ b }) => b) },
        ],
      });
      const filter = JSON.parse(JSON.stringify(either, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one))) as ParquetFilter; // prettier-ignore
      const format = formatOf({ columns: ['t', 'n', 'i', 'b'], filter, int64: 'bigint' });
      const footer = parquetMetadata(bytes, { parsers, geoparquet: false });
      const columns = columnsOf('x', footer, format);
      const file = {
        byteLength: bytes.byteLength,
        slice: (from: number, to?: number) => bytes.slice(from, to),
      };
      const read = new Map<string, ArrayLike<unknown>>();
      for (const column of columns.rows) {
        const { values } = await readColumn({ file: 'x', footer, group: 0, bytes: file }, column, format);
        read.set(column.name, values);
      }
      const same = await parquetReadObjects({ file });
      for (const name of ['n', 'i', 'b']) {
        expect(Array.from(read.get(name)!)).toEqual(same.map((row) => row[name] as unknown));
      }
      const found = rowsThatHold(format.filter, given.length, (name) => read.get(name)!);
      if (isExcluded(footer.row_groups[0]!, format.filter, columns.filter)) expect(found).toHaveLength(0);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('passes over row groups whose statistics exclude it', () => {
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 't', type: 'STRING', data: ['b', 'd', null] },
        { name: 'n', type: 'INT32', data: [3, 7, 5] },
        { name: 'd', type: 'TIMESTAMP', data: [new Date(1000), new Date(2000), null] },
        { name: 'none', type: 'DOUBLE', data: [null, null, null] },
      ],
    });
    const footer = parquetMetadata(bytes, { parsers, geoparquet: false });
    const excludes = (filter: ParquetFilter): boolean => {
      const format = formatOf({ filter, columns: ['t'] });
      return isExcluded(footer.row_groups[0]!, format.filter, columnsOf('x', footer, format).filter);
    };
    const excluded: ParquetFilter[] = [
      { n: { gt: 7 } },
      { n: { gte: 8n } },
      { n: { lt: 3 } },
      { n: { lte: 2 } },
      { n: 8 },
      { n: { in: [1, 2, 9] } },
      { n: null },
      { t: { gt: 'd' } },
      { t: 'a' },
      { d: { gt: new Date(2000) } },
      { none: 1 },
      { none: { ne: 1 } },
      { n: { gt: 1 }, t: { lt: 'b' } },
      [{ n: 1 }, { n: 9 }],
    ];
    for (const filter of excluded) expect([filter, excludes(filter)]).toEqual([filter, true]);
    const kept: ParquetFilter[] = [
      { n: { gte: 7 } },
      { n: { ne: 3 } },
      { n: { in: [1, 4] } },
      { t: null },
      { t: { in: [null, 'z'] } },
      { t: { gt: 'c' } },
      { d: { lte: new Date(1000) } },
      { none: null },
      [{ n: 1 }, { n: 4 }],
    ];
    for (const filter of kept) expect([filter, excludes(filter)]).toEqual([filter, false]);
  });
});
