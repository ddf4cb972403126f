import { constants } from 'node:buffer';
import { LF, type RecordBlock } from '../files/record-blocks.js';
import { checkText } from './check-text.js';
import { decodeUtf8 } from './decode-utf8.js';
import { decoderOf } from './encoding.js';
import type { RecordReader } from './file-reader.js';

/**
 * A line that is kept keeps the text of its block alive (V8 makes slices), so blocks are small, as those of Node's own
 * file streams; larger ones were not faster.
 */
const BLOCK_BYTES = 64 * 1024;
const CR = 13;

/**
 * The lines that start in a byte range, without their LF or CRLF; a last line may lack it. UTF-8 as the WHATWG decoder
 * reads it, or another encoding: what cannot be read becomes U+FFFD, and a BOM of UTF-8 is dropped at the start of the
 * file only. Text that by its first bytes is no UTF-8 is an error, and so is a line of 512 MiB, V8's limit.
 *
 * @param limits For tests.
 */
export function lines(
  encoding?: string,
  { blockBytes = BLOCK_BYTES, recordBytes = constants.MAX_STRING_LENGTH } = {},
): RecordReader {
  const toLines = lineReader(encoding);
  return {
    blockBytes,
    recordBytes,
    keepsBlocks: false,
    open: (chunk) => (block) => {
      if (block.at === 0 && encoding === undefined) checkText(block.bytes, chunk);
      const records = toLines(block);
      return { records, lines: records.length };
    },
  };
}

/** Gives the lines of a block. */
function lineReader(encoding?: string): (block: RecordBlock) => string[] {
  const decode = encoding === undefined ? decodeUtf8 : decoderOf(encoding);
  return ({ bytes, at }) => {
    const start = encoding === undefined && at === 0 && startsWithBom(bytes) ? 3 : 0;
    if (start === bytes.length) return [];
    const isEnded = bytes[bytes.length - 1] === LF;
    const text = decode(bytes.subarray(start, isEnded ? bytes.length - 1 : bytes.length));
    return bytes.includes(CR) ? splitCrLf(text, isEnded) : text.split('\n');
  };
}

export function startsWithBom(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
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
