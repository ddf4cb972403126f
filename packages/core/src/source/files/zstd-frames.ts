import { closeSync } from 'node:fs';
import { SourceError } from '../../errors.js';
import { openListed, readFully, type ListedFile } from './listed-file.js';

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/**
 * The frames of a zstd file (RFC 8878), found by their block headers alone: 3 bytes in up to 128 KiB. Needed because
 * Node's zstd stream ends well on a truncated frame, and silently drops frames after the first.
 *
 * @throws SourceError for a file that ends within a frame, or holds something else between frames.
 */
export function* zstdFrames(listed: ListedFile): Generator<ByteRange, void, undefined> {
  const { file, end: size } = listed;
  const { descriptor } = openListed(listed);
  const bytes = Buffer.alloc(4);
  const read = (position: number, length: number): number => {
    const target = bytes.subarray(0, length);
    if (position + length > size || readFully(descriptor, file, target, position) < length) {
      throw truncated(file);
    }
    return target.readUIntLE(0, length);
  };
  try {
    for (let start = 0; start < size;) {
      const magic = read(start, 4);
      const isFrame = magic === MAGIC;
      if (!isFrame && (magic & 0xfffffff0) >>> 0 !== SKIPPABLE) {
        throw new SourceError(
          `${file} is corrupt: no zstd frame starts at its byte ${start}. Compress it again`,
        );
      }
      const end = isFrame ? frameEnd(start + 4, read) : start + 8 + read(start + 4, 4);
      if (end > size) throw truncated(file);
      if (isFrame) yield { start, end };
      start = end;
    }
  } finally {
    closeSync(descriptor);
  }
}

function frameEnd(header: number, read: (position: number, length: number) => number): number {
  const descriptor = read(header, 1);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  let position = header + 1 + (isSingleSegment ? 0 : 1) + dictionary + contentSize;
  for (let isLast = false; !isLast;) {
    const block = read(position, 3);
    isLast = (block & 1) === 1;
    // A block of the RLE type (1) holds a single byte, however often it is repeated.
    position += 3 + (((block >> 1) & 3) === 1 ? 1 : block >> 3);
  }
  const hasChecksum = (descriptor & 4) !== 0;
  return position + (hasChecksum ? 4 : 0);
}

function truncated(file: string): SourceError {
  return new SourceError(`${file} is truncated: it ends within a zstd frame. Compress or copy it again`);
}
