import { SourceError } from '../../errors.js';
import type { BytesChunk } from '../files/bytes-chunk.js';
import { decompressedBlocks } from '../files/decompressed-blocks.js';
import { fileBlocks } from '../files/file-blocks.js';
import type { RecordBlock } from '../files/record-blocks.js';
import { checkText } from '../readers/check-text.js';
import { SEPARATOR_LINE, type CsvFormat } from './csv-format.js';
import { OpenQuote } from './field-finder.js';
import { openQuote } from './open-quote.js';
import { Scanner } from './scanner.js';

/** What the beginning of a file says of its rows. */
export interface FileHead {
  readonly delimiter: string;
  /** The names of its columns, where it has a header. */
  readonly names: readonly string[] | undefined;
  /** The byte where its first row may begin. */
  readonly start: number;
}

const [LF, CR] = [10, 13];
const limits = { blockBytes: 16 * 1024, recordBytes: 2 ** 26, reuse: false };

/** Reads the head of a plain file. @throws SourceError for what is no CSV, and for a header that cannot be read. */
export function readHead(chunk: BytesChunk, format: CsvFormat): FileHead {
  const parts: Buffer[] = [];
  // The end of the head may lie behind that of the chunk.
  for (const { bytes } of fileBlocks({ ...chunk, start: 0, isUnsized: true }, limits)) {
    const head = nextHead(parts, bytes, chunk, format);
    if (head !== undefined) return head;
  }
  return headOf(Buffer.concat(parts), true, chunk, format)!;
}

/** Reads the head of a compressed file. @throws SourceError as `readHead` does. */
export async function unpackHead(chunk: BytesChunk, format: CsvFormat): Promise<FileHead> {
  const parts: Buffer[] = [];
  for await (const { bytes } of decompressedBlocks(chunk, limits)) {
    const head = nextHead(parts, bytes, chunk, format);
    if (head !== undefined) return head;
  }
  return headOf(Buffer.concat(parts), true, chunk, format)!;
}

function nextHead(
  parts: Buffer[],
  bytes: RecordBlock['bytes'],
  chunk: BytesChunk,
  format: CsvFormat,
): FileHead | undefined {
  if (parts.length === 0) checkStart(bytes, chunk, format);
  parts.push(bytes);
  return headOf(Buffer.concat(parts), false, chunk, format);
}

/** The head, if these first bytes of a file have all of it; they are whole lines. */
function headOf(bytes: Buffer, isAll: boolean, chunk: BytesChunk, format: CsvFormat): FileHead | undefined {
  const text = withLineEnd(bytes);
  let at = format.encoding === undefined && text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  const separator = SEPARATOR_LINE.exec(text.toString('latin1', at, at + 12));
  if (separator !== null) at += separator[0].length;
  const delimiter = separator?.[1] ?? format.delimiter;
  if (!format.hasHeader) return { delimiter, names: undefined, start: at };
  const comment = format.comment?.charCodeAt(0);
  while (at < text.length && (isBlank(text, at) || text[at] === comment)) at = text.indexOf(LF, at) + 1;
  if (at === text.length) {
    if (isAll && text.length > 0) throw headless(chunk);
    return isAll ? { delimiter, names: undefined, start: at } : undefined;
  }
  const scanner = new Scanner({ ...format, nulls: [] }, delimiter, []);
  scanner.open(text, at);
  try {
    const names = scanner.fields();
    checkNames(names, text.subarray(at, scanner.at), chunk);
    return { delimiter, names, start: Math.min(scanner.at, bytes.length) };
  } catch (error) {
    if (!(error instanceof OpenQuote)) throw atHeader(error, at, chunk);
    if (format.multiline && !isAll) return undefined;
    throw openQuote(error, { file: chunk.file, byte: at }, format);
  }
}

/** The same bytes, the last of which is a LF. */
function withLineEnd(bytes: Buffer): Buffer {
  return bytes.length === 0 || bytes[bytes.length - 1] === LF ? bytes : Buffer.concat([bytes, Buffer.of(LF)]);
}

/** Whether nothing stands in the line that begins at `at`. */
export function isBlank(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF);
}

function checkStart(bytes: Buffer, chunk: BytesChunk, { encoding }: CsvFormat): void {
  if (encoding === undefined) checkText(bytes, chunk);
  const { file } = chunk;
  const first = bytes.subarray(0, 1024);
  if (isWide(first)) {
    const message = `${file} is UTF-16, as every other byte of it is 0, and no CSV in UTF-8`;
    throw new SourceError(`${message}: convert it, as with iconv -f UTF-16 -t UTF-8`, { file, byte: 0 });
  }
  const markup = /^\s*<(!doctype|html|\?xml|!--)/i.exec(first.toString('latin1'))?.[1];
  if (markup === undefined) return;
  const what = markup.toLowerCase() === '?xml' ? 'XML' : 'HTML';
  const remedy = 'a download may have given an error page in place of the file';
  throw new SourceError(`${file} is ${what} by its first characters, and no CSV: ${remedy}`, {
    file,
    byte: 0,
  });
}

/** Whether bytes are those of ASCII in UTF-16. */
function isWide(bytes: Buffer): boolean {
  const isZero = (odd: 0 | 1): boolean => bytes.every((byte, i) => i % 2 !== odd || byte === 0);
  return bytes.length >= 4 && bytes.some((byte) => byte !== 0) && (isZero(0) || isZero(1));
}

function checkNames(names: readonly string[], line: Buffer, chunk: BytesChunk): void {
  const { file } = chunk;
  if (line.some((byte) => byte < 32 && ![9, LF, CR].includes(byte))) {
    throw new SourceError(`${file} is no CSV: its first line has control characters, as a binary file has`, {
      file,
      byte: 0,
    });
  }
  if (names.some((name) => /\r(?!\n)/.test(name))) {
    const message = `the lines of ${file} end in a carriage return alone, as those of old Macs did`;
    throw new SourceError(`${message}: convert it, as with tr '\\r' '\\n'`, { file, byte: 0 });
  }
}

function headless({ file }: BytesChunk): SourceError {
  return new SourceError(
    `${file} has no header, only blank lines or comments: give header: false, or leave it out`,
    {
      file,
    },
  );
}

function atHeader(error: unknown, byte: number, { file }: BytesChunk): unknown {
  if (error instanceof SourceError) return error;
  const why = (error as Error).message.replace('no row: ', '');
  return new SourceError(`the header of ${file} cannot be read: ${why}`, { file, byte }, { cause: error });
}
