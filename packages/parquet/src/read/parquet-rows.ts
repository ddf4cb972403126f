import { closeSync } from 'node:fs';
import { SourceError, type StandardSchema } from '@forkfold/core';
import {
  addColumns,
  BadRecord,
  openListed,
  partitionColumns,
  readFully,
  schemaCheck,
  type Batch,
  type ChunkReader,
  type OpenFile,
  type PartitionEntries,
} from '@forkfold/core/engine';
import type { AsyncBuffer } from 'hyparquet';
import { columnsOf } from './columns-of.js';
import { rowsThatHold } from './compare.js';
import { footerOf, type Footer } from './footer.js';
import type { ParquetChunk, ParquetFormat, RowGroupPlace } from './format.js';
import { readColumn, type ColumnValues } from './row-group.js';
import { rowMaker, type MakeRow } from './row-maker.js';

/** Rows that are made at once: few enough to be young when they are dropped. */
const BATCH = 1024;

/** Reads row groups of Parquet files as rows; found by its name in a child. */
export function parquetRows(format: ParquetFormat, schema?: StandardSchema): ChunkReader<ParquetChunk> {
  const footers = new Footers();
  const parse = rowCheck(format, schema);
  const columns = format.partitionedBy && partitionColumns(format.partitionedBy);
  const reading = { format, footers, isChecked: schema !== undefined || columns !== undefined };
  return {
    async *read({ groups, common }) {
      for (const place of groups) {
        const batches = readGroup(place, reading, common);
        yield* columns === undefined ? batches : withColumns(batches, columns(place.file));
      }
    },
    ...(parse && { parse }),
  };
}

/** Gives rows the columns of their file. */
async function* withColumns(
  batches: AsyncIterable<Batch>,
  entries: PartitionEntries,
): AsyncGenerator<Batch, void, undefined> {
  for await (const batch of batches) {
    for (const row of Array.from(batch.records)) addColumns(row as object, entries);
    yield batch;
  }
}

/** Row groups of a file follow each other, so the footer of the last file is kept. */
class Footers {
  #last:
    { readonly file: string; readonly id: string; readonly end: number; readonly footer: Footer } | undefined;

  of({ file, id, end }: RowGroupPlace, open: OpenFile): Footer {
    const last = this.#last;
    if (last?.file === file && last.id === id && last.end === open.size && end === open.size)
      return last.footer;
    const footer = footerOf(file, open);
    this.#last = { file, id, end: open.size, footer };
    return footer;
  }
}

interface Reading {
  readonly format: ParquetFormat;
  readonly footers: Footers;
  /** Whether rows are checked even if no column of theirs has nulls. */
  readonly isChecked: boolean;
}

async function* readGroup(
  place: RowGroupPlace,
  { format, footers, isChecked }: Reading,
  common: readonly string[] | undefined,
): AsyncGenerator<Batch, void, undefined> {
  const { file, group } = place;
  const open = openListed(place);
  let names: readonly string[];
  let columns: ColumnValues[];
  let rows: Uint32Array | number;
  try {
    const footer = footers.of(place, open);
    checkUnchanged(place, footer);
    const wanted = columnsOf(file, footer, format, common);
    const bytes = bytesOf(file, open);
    const read = new Map<object, ColumnValues>();
    for (const column of wanted.filter) {
      read.set(column, await readColumn({ file, footer, group, bytes }, column, format));
    }
    const values = (name: string): ArrayLike<unknown> =>
      read.get(wanted.filter.find((one) => one.name === name)!)!.values;
    rows = rowsThatHold(format.filter, place.rows, values) ?? place.rows;
    if (rows !== place.rows && (rows as Uint32Array).length === 0) return;
    columns = [];
    for (const column of wanted.rows) {
      columns.push(read.get(column) ?? (await readColumn({ file, footer, group, bytes }, column, format)));
    }
    names = wanted.rows.map(({ name }) => name);
  } finally {
    closeSync(open.descriptor);
  }
  // The first text of a row is its key more often than another one.
  const hints = columns.find((column) => column.hints !== undefined)?.hints;
  const areParsed = !isChecked && columns.every(({ hasNulls }) => !hasNulls);
  const making = { make: rowMaker(names, columns), hints, areParsed };
  yield* typeof rows === 'number' ? allRows(place, rows, making) : someRows(place, rows, making);
}

/** @throws SourceError for a file that was written anew since it was listed. */
function checkUnchanged({ file, group, rows }: RowGroupPlace, footer: Footer): void {
  if (Number(footer.row_groups[group]?.num_rows) === rows) return;
  const message = `${file} has been written anew since the run began`;
  throw new SourceError(`${message}: do not change the input during a run`, { file });
}

function bytesOf(file: string, { descriptor, size }: OpenFile): AsyncBuffer {
  return {
    byteLength: size,
    slice(start, end = size) {
      const bytes = new ArrayBuffer(end - start);
      const read = readFully(descriptor, file, Buffer.from(bytes), start);
      if (read === bytes.byteLength) return bytes;
      throw new SourceError(`${file} has shrunk since the run began: do not change the input during a run`, {
        file,
        byte: start + read,
      });
    },
  };
}

interface Making {
  readonly make: MakeRow;
  /** Those of all rows of the group. */
  readonly hints: Uint16Array | undefined;
  readonly areParsed: boolean;
}

function* allRows(
  { file, before }: RowGroupPlace,
  count: number,
  { make, hints, areParsed }: Making,
): Generator<Batch, void, undefined> {
  for (let from = 0; from < count; from += BATCH) {
    const records = new Array<object>(Math.min(BATCH, count - from));
    for (let i = 0; i < records.length; i += 1) records[i] = make(from + i);
    yield {
      records,
      areParsed,
      ...(hints && { hints: hints.subarray(from, from + records.length) }),
      locate: (i) => ({ file, index: before + from + i }),
    };
  }
}

/** The rows that a filter left. */
function* someRows(
  { file, before }: RowGroupPlace,
  rows: Uint32Array,
  { make, hints, areParsed }: Making,
): Generator<Batch, void, undefined> {
  for (let from = 0; from < rows.length; from += BATCH) {
    const indexes = rows.subarray(from, from + BATCH);
    yield {
      records: Array.from(indexes, (index) => make(index)),
      areParsed,
      ...(hints && { hints: Uint16Array.from(indexes, (index) => hints[index]!) }),
      locate: (i) => ({ file, index: before + indexes[i]! }),
    };
  }
}

/** What looks at each row: for nulls that typed columns may not have, and by the schema. */
function rowCheck(
  { columns = [], nulls }: ParquetFormat,
  schema: StandardSchema | undefined,
): ((row: unknown) => unknown) | undefined {
  const typed = nulls ? [] : columns.filter(({ type }) => type !== undefined && type !== 'value');
  const names = typed.map(({ name }) => name);
  const check = schema && schemaCheck(schema, 'parquet');
  if (names.length === 0) return check;
  return (row) => {
    for (const name of names) {
      if ((row as Record<string, unknown>)[name] !== null) continue;
      throw new BadRecord(
        `no row of these columns: ${JSON.stringify(name)} is null, and typed columns have no nulls without nulls: true`,
      );
    }
    return check ? check(row) : row;
  };
}
