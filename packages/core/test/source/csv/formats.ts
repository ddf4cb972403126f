import { statSync } from 'node:fs';
import type { CsvColumn, CsvFormat } from '../../../src/source/csv/csv-format.js';
import { csvRows } from '../../../src/source/csv/csv-rows.js';
import { isBadRow } from '../../../src/source/csv/row-fault.js';
import type { Compression } from '../../../src/source/files/bytes-chunk.js';
import type { Batch } from '../../../src/source/source.js';
import { batchesOf, rangesOf, wholeFile } from '../texts.js';

/** A format that differs from the usual one as is said. */
export function formatOf(more: Partial<CsvFormat> = {}): CsvFormat {
  return {
    hasHeader: true,
    columns: undefined,
    delimiter: ',',
    quote: '"',
    comment: undefined,
    decimal: '.',
    nulls: [],
    multiline: false,
    fills: false,
    encoding: undefined,
    ...more,
  };
}

export function columnsOf(types: Readonly<Record<string, CsvColumn['type']>>): readonly CsvColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

export interface How {
  readonly format?: Partial<CsvFormat>;
  /** The header of the first file. */
  readonly header?: readonly string[];
  /** Cuts a plain file into ranges of so many bytes; one chunk where it is not given. */
  readonly chunkBytes?: number | undefined;
  readonly blockBytes?: number;
  readonly compression?: Compression;
}

/** What a child makes of a file, in order: rows, and `fault: ...` for what is none. */
export async function read(file: string, how: How = {}): Promise<unknown[]> {
  const { parse } = reader(how);
  return (await batches(file, how)).flatMap(({ records }) =>
    Array.from(records, (record) => {
      if (!isBadRow(record)) return record;
      try {
        return parse!(record);
      } catch (error) {
        return `fault: ${(error as Error).message}`;
      }
    }),
  );
}

export async function batches(file: string, how: How = {}): Promise<Batch[]> {
  const { read: readChunk } = reader(how);
  const { header = [], chunkBytes, compression = 'none' } = how;
  const { size } = statSync(file);
  const chunks =
    chunkBytes === undefined ? [wholeFile(file, size, compression)] : rangesOf(file, size, chunkBytes);
  const all: Batch[] = [];
  for (const chunk of chunks) all.push(...(await batchesOf(readChunk({ ...chunk, header }))));
  return all;
}

function reader({ format, blockBytes }: How) {
  return csvRows(formatOf(format), undefined, blockBytes === undefined ? {} : { blockBytes });
}
