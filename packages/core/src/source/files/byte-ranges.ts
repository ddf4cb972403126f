import * as zlib from 'node:zlib';
import { SourceError } from '../../errors.js';
import type { ChunkOptions, Cut } from '../source.js';
import type { BytesChunk, Compression } from './bytes-chunk.js';
import type { FoundFile } from './paths.js';

// Below, a task's fixed cost shows; above, the last chunks keep one child busy while the others have nothing left.
const MIN_CHUNK = 256 * 1024;
const MAX_CHUNK = 8 * 1024 * 1024;

/**
 * Cuts files into byte ranges of `chunkBytes`, by default a 1024th of all input, from 256 KiB to 8 MiB. A compressed
 * file is one chunk, and so is one of unknown size; an empty one is none. The data stays on disk.
 *
 * @throws SourceError for a zstd file where Node.js cannot read it.
 */
export function cutFiles(files: readonly Omit<FoundFile, 'mtimeMs'>[], { chunkBytes }: ChunkOptions): Cut {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const step = chunkBytes ?? Math.min(MAX_CHUNK, Math.max(MIN_CHUNK, Math.ceil(bytes / 1024)));
  const parts = files.map(({ path, size, id, isUnsized = false }) => {
    const compression = isUnsized ? 'none' : compressionOf(path);
    const known = { kind: 'bytes', file: path, compression, id } as const;
    return { known, size, isUnsized, step: compression === 'none' ? step : Math.max(1, size) };
  });
  function* cut(): Generator<BytesChunk, void, undefined> {
    for (const { known, size, isUnsized, step } of parts) {
      if (isUnsized) yield { ...known, start: 0, end: Infinity, isUnsized };
      for (let start = 0; start < size; start += step) {
        yield { ...known, start, end: Math.min(size, start + step) };
      }
    }
  }
  const count = parts.reduce(
    (sum, { size, step, isUnsized }) => sum + Math.ceil(size / step) + Number(isUnsized),
    0,
  );
  return { chunks: { [Symbol.iterator]: cut }, count, bytes };
}

function compressionOf(path: string): Compression {
  const ending = /\.(gz|br|zst)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === 'gz') return 'gzip';
  if (ending === 'br') return 'brotli';
  if (ending !== 'zst') return 'none';
  if ('createZstdDecompress' in zlib) return 'zstd';
  const message = `${path} needs a Node.js with zstd (22.15 or later), and this is ${process.version}`;
  throw new SourceError(`${message}: update Node.js, or compress with gzip`, { file: path });
}
