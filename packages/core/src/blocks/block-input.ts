import { SourceError } from '../errors.js';
import { decode } from '../values/codec.js';
import { HEADER_BYTES } from './block-output.js';
import { crc32 } from './crc32.js';
import type { Segment } from './segment.js';
import type { SpillPlace } from './spill-place.js';
import { nodeFs } from './spill-file.js';

const WINDOW_BYTES = 256 * 1024;

/** Returns bytes `from` (counted from the start of the segment) up to at least `least`, fewer only at its end. */
type ReadAt = (from: number, least: number) => Uint8Array;

/**
 * The decoded blocks of some segments, one after the other; at most one window of a file is in memory. The file of a
 * segment is open while its blocks are read.
 *
 * @throws SourceError for a file that is missing, too short or damaged.
 */
export function* readBlocks(
  segments: readonly Segment[],
  io: Pick<SpillPlace, 'fs'>,
  window = WINDOW_BYTES,
): Generator<unknown, void, undefined> {
  for (const segment of segments) {
    const { data } = segment;
    if (data !== undefined) yield* blocks(segment, (from) => data.subarray(from));
    else yield* fileBlocks(segment, io, window);
  }
}

function* fileBlocks(
  segment: Segment,
  io: Pick<SpillPlace, 'fs'>,
  window: number,
): Generator<unknown, void, undefined> {
  const { file = '', offset = 0, length } = segment;
  const fs = io.fs ?? nodeFs;
  let descriptor: number;
  try {
    descriptor = fs.open(file, 'r');
  } catch (error) {
    throw new SourceError(
      `spill file ${file} cannot be opened: ${(error as Error).message}`,
      { file },
      { cause: error },
    );
  }
  try {
    yield* blocks(segment, (from, least) => {
      // A fresh window every time: typed arrays that were decoded may be views of the last one.
      const bytes = Buffer.allocUnsafeSlow(Math.min(length - from, Math.max(window, least)));
      let filled = 0;
      while (filled < bytes.length) {
        const read = fs.read(descriptor, bytes, filled, bytes.length - filled, offset + from + filled);
        if (read === 0) return bytes.subarray(0, filled);
        filled += read;
      }
      return bytes;
    });
  } finally {
    fs.close(descriptor);
  }
}

function* blocks(segment: Segment, readAt: ReadAt): Generator<unknown, void, undefined> {
  let position = 0;
  let bytes: Uint8Array = new Uint8Array();
  // Where `bytes` begins in the segment.
  let start = 0;
  const need = (length: number): Uint8Array => {
    const within = position - start;
    if (within + length <= bytes.length) return bytes.subarray(within, within + length);
    if (position + length <= segment.length) {
      start = position;
      bytes = readAt(position, length);
    }
    if (position - start + length > bytes.length) throw damaged(segment, position);
    return bytes.subarray(0, length);
  };
  while (position < segment.length) {
    const block = position;
    const header = need(HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
    const length = view.getUint32(0, true);
    const checksum = view.getUint32(4, true);
    position += HEADER_BYTES;
    // No block is empty; but the checksum of nothing is 0, as in a page of zeros.
    if (length === 0 || position + length > segment.length) throw damaged(segment, block);
    const payload = need(length);
    if (crc32(payload) !== checksum) throw damaged(segment, block);
    position += length;
    yield decode(payload);
  }
}

function damaged({ file, offset = 0 }: Segment, position: number): SourceError {
  const byte = offset + position;
  if (file === undefined) return new SourceError(`shuffle data is damaged at byte ${byte}`, { byte });
  return new SourceError(`spill file ${file} is damaged at byte ${byte}: run again, and check the disk`, {
    file,
    byte,
  });
}
