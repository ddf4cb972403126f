import { closeSync } from 'node:fs';
import type { BytesChunk } from './bytes-chunk.js';
import { isNominal, openListed, readFully, shrunk } from './listed-file.js';
import { LF, RecordBlocks, type BlockLimits, type RecordBlock } from './record-blocks.js';

/** Records end within a few kilobytes, as a rule. */
const SCAN_BYTES = 16 * 1024;

/**
 * The records that start in a byte range of a plain file. Its first record starts where the last one of the range before
 * ends, by the same search, so that ranges share a file's records without gap or overlap.
 *
 * @throws SourceError for a file that has vanished or shrunk, or cannot be read; and for a record that is too long.
 */
export function* fileBlocks(chunk: BytesChunk, limits: BlockLimits): Generator<RecordBlock, void, undefined> {
  const { file } = chunk;
  if (chunk.isUnsized) return yield* wholeFile(chunk, limits);
  const { descriptor, size } = openListed(chunk);
  try {
    const start = recordStart(descriptor, file, chunk.start, chunk.end);
    if (start >= chunk.end) return;
    const end = chunk.end === size ? size : recordStart(descriptor, file, chunk.end, Infinity);
    const blockBytes = Math.min(limits.blockBytes, end - start);
    const { recordBytes, reuse } = limits;
    const blocks = new RecordBlocks(file, start, { blockBytes, recordBytes, reuse });
    for (let position = start; position < end;) {
      const { space } = blocks;
      const wanted = Math.min(space.length, end - position);
      const into = wanted === space.length ? space : space.subarray(0, wanted);
      const length = readFully(descriptor, file, into, position);
      position += length;
      const block = blocks.add(length);
      if (block !== undefined) yield block;
      if (length < wanted) {
        if (isNominal(descriptor)) break;
        throw shrunk(file, end, position);
      }
    }
    const rest = blocks.rest();
    if (rest !== undefined) yield rest;
  } finally {
    closeSync(descriptor);
  }
}

/** The records of a file whose size nobody knows, read from its beginning to its end. */
function* wholeFile(chunk: BytesChunk, limits: BlockLimits): Generator<RecordBlock, void, undefined> {
  const { file } = chunk;
  const { descriptor } = openListed(chunk);
  try {
    const blocks = new RecordBlocks(file, 0, limits);
    for (let position = 0; ;) {
      const length = readFully(descriptor, file, blocks.space, position);
      if (length === 0) break;
      position += length;
      const block = blocks.add(length);
      if (block !== undefined) yield block;
    }
    const rest = blocks.rest();
    if (rest !== undefined) yield rest;
  } finally {
    closeSync(descriptor);
  }
}

/** Where the first record at or after `offset` starts; `limit` or the end of the file where none starts before. */
function recordStart(descriptor: number, file: string, offset: number, limit: number): number {
  if (offset === 0) return 0;
  // The byte before tells whether a record starts at the offset itself.
  let position = offset - 1;
  const buffer = Buffer.allocUnsafe(Math.min(SCAN_BYTES, limit - position));
  for (;;) {
    const length = readFully(descriptor, file, buffer, position);
    const newline = buffer.subarray(0, length).indexOf(LF);
    if (newline >= 0) return position + newline + 1;
    position += length;
    if (length < buffer.length || position >= limit) return Math.min(limit, position);
  }
}
