import { closeSync } from 'node:fs';
import { SourceError } from '@forkfold/core';
import { openListed, readFully, type ListedFile, type OpenFile } from '@forkfold/core/engine';
import { parquetMetadata } from 'hyparquet';
import type { FileMetaData } from 'hyparquet';
import { dateOfDays, millisOfMicros, millisOfNanos } from './times.js';

/** Footers are read with one call where they are no larger than this, as nearly all are. */
const TAIL = 64 * 1024;
const MAGIC = 'PAR1';

/** What the end of a Parquet file tells: its columns, and where the values of each row group lie. */
export type Footer = FileMetaData;

/**
 * Reads the footer of a file.
 *
 * @throws SourceError for a file that has changed, is no Parquet file, is cut, or is encrypted.
 */
export function readFooter(listed: ListedFile): Footer {
  const open = openListed(listed);
  try {
    return footerOf(listed.file, open);
  } finally {
    closeSync(open.descriptor);
  }
}

/** As `readFooter`, of a file that is open. */
export function footerOf(file: string, { descriptor, size }: OpenFile): Footer {
  checkMagic(file, descriptor, size);
  const tail = Buffer.allocUnsafe(Math.min(size, TAIL));
  readFully(descriptor, file, tail, size - tail.length);
  const ending = tail.toString('latin1', tail.length - 4);
  if (ending === 'PARE') throw encrypted(file);
  if (ending !== MAGIC) throw cut(file, size, 'it does not end as a Parquet file does');
  const length = tail.readUInt32LE(tail.length - 8) + 8;
  if (length > size - 4) throw cut(file, size, `its footer is said to have ${length - 8} bytes`);
  const whole = length <= tail.length ? tail : Buffer.allocUnsafe(length);
  if (whole !== tail) readFully(descriptor, file, whole, size - length);
  let footer: Footer;
  try {
    footer = parquetMetadata(whole.subarray(whole.length - length), { parsers, geoparquet: false });
  } catch (cause) {
    throw damaged(file, 'its footer', cause);
  }
  checkPlaces(file, size, footer);
  return footer;
}

/** Statistics come as values come, but for texts, which may be cut within a character: these stay bytes. */
const parsers = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  dateFromDays: dateOfDays,
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: millisOfMicros,
  timestampFromNanoseconds: millisOfNanos,
};

function checkMagic(file: string, descriptor: number, size: number): void {
  const head = Buffer.alloc(Math.min(size, 16));
  readFully(descriptor, file, head, 0);
  const beginning = head.toString('latin1', 0, 4);
  if (beginning === 'PARE') throw encrypted(file);
  if (beginning === MAGIC) {
    if (size < 12) throw cut(file, size, 'it has no footer');
    return;
  }
  const what =
    size === 0 ? 'is empty' : `begins with ${JSON.stringify(head.toString('latin1'))}, not with "PAR1"`;
  throw new SourceError(
    `${file} is no Parquet file: it ${what}; read it as what it is, as by csv, jsonLines or textLines`,
    { file, byte: 0 },
  );
}

/** @throws SourceError for values that lie where the file is not: it was cut in the middle, and has the end of another one. */
function checkPlaces(file: string, size: number, { row_groups }: Footer): void {
  for (const [group, { columns }] of row_groups.entries()) {
    for (const { meta_data } of columns) {
      if (meta_data === undefined) continue;
      const [start, end] = rangeOf(meta_data);
      if (!(start >= 4 && end <= size))
        throw cut(file, size, `row group ${group} is said to end at byte ${end}`);
    }
  }
}

/** Where the pages of a column chunk are. Some writers say 0 of a dictionary that is not there. */
export function rangeOf(
  chunk: NonNullable<Footer['row_groups'][number]['columns'][number]['meta_data']>,
): [start: number, end: number] {
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  return [start, start + Number(chunk.total_compressed_size)];
}

function cut(file: string, size: number, why: string): SourceError {
  return new SourceError(
    `${file} is cut: it has ${size} bytes, and ${why}; copy it again, or wait until its writer has closed it`,
    { file, byte: size },
  );
}

function encrypted(file: string): SourceError {
  return new SourceError(
    `${file} is encrypted, and forkfold has no keys: write it without encryption, as with DuckDB or pyarrow, which take keys`,
    { file },
  );
}

/** The error for bytes that make no sense, and where they are. */
export function damaged(file: string, what: string, cause: unknown): SourceError {
  if (cause instanceof SourceError) return cause;
  const message = `${file} cannot be read: ${what}: ${(cause as Error).message}`;
  return new SourceError(
    `${message}; the file is damaged, or uses what hyparquet does not know: write it again`,
    { file },
    { cause },
  );
}

/** @throws SourceError for a column that has a key of its own, in a file whose footer is plain. */
export function checkPlain(
  file: string,
  name: string,
  chunk: Footer['row_groups'][number]['columns'][number],
): void {
  if (chunk.crypto_metadata === undefined && chunk.meta_data !== undefined) return;
  throw new SourceError(
    `${file}: the column ${JSON.stringify(name)} is encrypted, and forkfold has no keys: name other columns in columns, or write ` +
      'the file without encryption',
    { file },
  );
}
