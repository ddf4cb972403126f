import { constants, isAscii, isUtf8, transcode } from 'node:buffer';
import type { Batch, Batches, BytesChunk } from '../chunk.js';
import { decompressedBlocks } from '../files/decompressed-blocks.js';
import { decoderOf } from './encoding.js';
import { fileBlocks } from '../files/file-blocks.js';
import { lineFinder } from '../files/line-finder.js';
import { LF, type RecordBlock } from '../files/record-blocks.js';

export interface LineLimits {
  readonly blockBytes: number;
  readonly recordBytes: number;
}

const LIMITS: LineLimits = {
  // A line that is kept keeps the text of its block alive (V8 makes slices), so blocks are small, as those of Node's own
  // file streams; larger ones were not faster.
  blockBytes: 64 * 1024,
  recordBytes: constants.MAX_STRING_LENGTH,
};

/** Beyond this the detour over UTF-16 would need too much memory at once. */
const MAX_TRANSCODED = 1 << 20;
const CR = 13;

/**
 * The lines that start in a byte range, without their LF or CRLF; a last line may lack it. UTF-8 as the WHATWG decoder
 * reads it, or the encoding of the chunk: what cannot be read becomes U+FFFD, and a BOM of UTF-8 is dropped at the start
 * of the file only.
 *
 * @param limits For tests.
 * @throws SourceError for a file that has changed or cannot be read, and for a line of 512 MiB, V8's limit.
 */
export function readLines(chunk: BytesChunk, limits = LIMITS): Batches {
  return chunk.compression === 'none' ? readPlain(chunk, limits) : readCompressed(chunk, limits);
}

function* readPlain(chunk: BytesChunk, limits: LineLimits): Generator<Batch, void, undefined> {
  const find = lineFinder(chunk.file);
  const toLines = lineReader(chunk);
  for (const block of fileBlocks(chunk, { ...limits, reuse: true })) {
    const { at } = block;
    yield { records: toLines(block), locate: (i) => find(at, i) };
  }
}

async function* readCompressed(
  chunk: BytesChunk,
  limits: LineLimits,
): AsyncGenerator<Batch, void, undefined> {
  const { file } = chunk;
  const toLines = lineReader(chunk);
  let line = 1;
  // Blocks are kept for `locate`: to find a line in the file again would take decompressing it.
  for await (const block of decompressedBlocks(chunk, { ...limits, reuse: false })) {
    const [first, records] = [line, toLines(block)];
    yield { records, locate: (i) => ({ file, line: first + i, byte: block.at + skipLines(block.bytes, i) }) };
    line += records.length;
  }
}

function lineReader({ encoding }: BytesChunk): (block: RecordBlock) => string[] {
  const decode = encoding === undefined ? decodeUtf8 : decoderOf(encoding);
  return ({ bytes, at }) => {
    const start = encoding === undefined && at === 0 && startsWithBom(bytes) ? 3 : 0;
    if (start === bytes.length) return [];
    const isEnded = bytes[bytes.length - 1] === LF;
    const text = decode(bytes.subarray(start, isEnded ? bytes.length - 1 : bytes.length));
    return bytes.includes(CR) ? splitCrLf(text, isEnded) : text.split('\n');
  };
}

function startsWithBom(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** The same text as a `TextDecoder` gives, several times faster. */
function decodeUtf8(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (bytes.length > MAX_TRANSCODED || !isUtf8(bytes)) return bytes.toString('utf8');
  return transcode(bytes, 'utf8', 'utf16le').toString('utf16le');
}

/** As `text.split('\n')`, without the one CR before a LF. `isEnded` tells that a LF follows the text. */
function splitCrLf(text: string, isEnded: boolean): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    lines.push(text.slice(start, end > start && text.charCodeAt(end - 1) === CR ? end - 1 : end));
    start = end + 1;
  }
  lines.push(text.slice(start, isEnded && text.length > start && text.endsWith('\r') ? -1 : undefined));
  return lines;
}

function skipLines(bytes: Buffer, lines: number): number {
  let at = 0;
  for (let i = 0; i < lines; i += 1) at = bytes.indexOf(LF, at) + 1;
  return at;
}
