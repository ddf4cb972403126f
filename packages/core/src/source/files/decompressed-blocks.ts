import { closeSync, createReadStream } from 'node:fs';
import { pipeline, type Transform } from 'node:stream';
import type * as Zlib from 'node:zlib';
import { SourceError } from '../../errors.js';
import type { BytesChunk } from './bytes-chunk.js';
import { bytesRead } from './bytes-read.js';
import { openListed, readFully } from './listed-file.js';
import { RecordBlocks, type BlockLimits, type RecordBlock } from './record-blocks.js';
import { zstdFrames, type ByteRange } from './zstd-frames.js';

type Decompressor = Transform & { readonly bytesWritten: number };

const PIECE_BYTES = 64 * 1024;

/**
 * The records of a compressed file, decompressed as they are asked for.
 *
 * @throws SourceError for a file that has vanished or shrunk, is truncated or corrupt; and for a record that is too long.
 */
export async function* decompressedBlocks(
  chunk: BytesChunk,
  limits: BlockLimits,
): AsyncGenerator<RecordBlock, void, undefined> {
  const blocks = new RecordBlocks(chunk.file, 0, limits);
  for await (const piece of decompress(chunk)) {
    for (let done = 0; done < piece.length;) {
      const length = piece.copy(blocks.space, 0, done);
      done += length;
      const block = blocks.add(length);
      if (block !== undefined) yield block;
    }
  }
  const rest = blocks.rest();
  if (rest !== undefined) yield rest;
}

async function* decompress(chunk: BytesChunk): AsyncGenerator<Buffer, void, undefined> {
  const { file, end: size } = chunk;
  closeSync(openListed(chunk).descriptor);
  const create = await decompressor(chunk);
  let byte = 0;
  try {
    const parts: Iterable<ByteRange> =
      chunk.compression === 'zstd' ? zstdFrames(chunk) : [{ start: 0, end: size }];
    for (const { start, end } of parts) {
      const unpack = create();
      // A pipeline destroys each with the other; an error is met in the loop.
      pipeline(createReadStream(file, { start, end: end - 1 }), unpack, () => undefined);
      let read = 0;
      for await (const piece of unpack as AsyncIterable<Buffer>) {
        byte += piece.length;
        bytesRead.total += unpack.bytesWritten - read;
        read = unpack.bytesWritten;
        yield piece;
      }
      checkRest(chunk, start + unpack.bytesWritten, end);
    }
  } catch (cause) {
    const why = cause instanceof SourceError ? cause.message : `${file} is ${faultOf(cause, chunk)}`;
    throw new SourceError(`${why} (after byte ${byte} of the decompressed text)`, { file, byte }, { cause });
  }
}

/** zlib is loaded here, since most chunks need none. */
async function decompressor({ file, compression }: BytesChunk): Promise<() => Decompressor> {
  const zlib = (await import('node:zlib')) as typeof Zlib & {
    createZstdDecompress?(options: { chunkSize: number }): Decompressor;
  };
  const options = { chunkSize: PIECE_BYTES };
  if (compression === 'gzip') return () => zlib.createGunzip(options);
  if (compression === 'brotli') return () => zlib.createBrotliDecompress(options);
  const { createZstdDecompress } = zlib;
  if (createZstdDecompress !== undefined) return () => createZstdDecompress(options);
  throw new SourceError(`${file} needs a Node.js with zstd, and this is ${process.version}`, { file });
}

/** Node stops at a zero after a gzip member, and at the end of a brotli stream: nothing but zeros may follow. */
function checkRest(chunk: BytesChunk, from: number, end: number): void {
  if (from >= end) return;
  const { file } = chunk;
  const { descriptor } = openListed(chunk);
  try {
    const buffer = Buffer.alloc(Math.min(PIECE_BYTES, end - from));
    for (let position = from; position < end; position += buffer.length) {
      const length = readFully(descriptor, file, buffer, position);
      if (buffer.subarray(0, Math.min(length, end - position)).some((value) => value !== 0)) {
        const message = `${file} is corrupt: other data follows its compressed text, from byte ${from} on`;
        throw new SourceError(`${message}. Compress it again`);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

function faultOf(cause: unknown, chunk: BytesChunk): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (message === 'incorrect header check' && chunk.compression === 'gzip' && !beginsAsGzip(chunk)) {
    return 'not compressed by gzip, though its name says so: give it another name';
  }
  if (code === 'Z_BUF_ERROR')
    return 'truncated: its compressed text ends too soon. Compress or copy it again';
  return `corrupt, or cannot be read: ${message}. Compress or copy it again`;
}

function beginsAsGzip(chunk: BytesChunk): boolean {
  const { descriptor } = openListed(chunk);
  try {
    const bytes = Buffer.alloc(2);
    return readFully(descriptor, chunk.file, bytes, 0) === 2 && bytes.readUInt16BE() === 0x1f8b;
  } finally {
    closeSync(descriptor);
  }
}
