import { SourceError } from '../../errors.js';
import type { ChunkOptions, Cut } from '../source.js';
import type { BytesChunk, Compression, FileChunk, PackedChunk } from './bytes-chunk.js';
import type { FoundFile } from './paths.js';

// Below, a task's fixed cost shows; above, the last chunks keep one child busy while the others have nothing left.
const MIN_CHUNK = 256 * 1024;
const MAX_CHUNK = 8 * 1024 * 1024;

/** With more files than these, small ones share chunks: so many chunks balance any number of children. */
const MANY_FILES = 1024;

type Listed = Omit<FoundFile, 'mtimeMs'>;

/**
 * Cuts files into byte ranges of `chunkBytes`, by default a 1024th of all input, from 256 KiB to 8 MiB. A compressed
 * file is one chunk, and so is one of unknown size; an empty one is none. Of more than 1024 files those that lie side by
 * side and are no larger than a range together share a chunk, up to a 1024th of the files. The data stays on disk.
 *
 * @throws SourceError for a zstd file where Node.js cannot read it.
 */
export function cutFiles(files: readonly Listed[], { chunkBytes }: ChunkOptions): Cut {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const step = chunkBytes ?? Math.min(MAX_CHUNK, Math.max(MIN_CHUNK, Math.ceil(bytes / 1024)));
  const groups = groupsOf(files, step);
  function* cut(): Generator<FileChunk, void, undefined> {
    for (const group of groups) {
      if (group.length > 1) yield packed(group);
      else yield* rangesOf(group[0]!, step);
    }
  }
  const count = groups.reduce((sum, group) => sum + (group.length > 1 ? 1 : countOf(group[0]!, step)), 0);
  return { chunks: { [Symbol.iterator]: cut }, count, bytes };
}

/** The files in order, those together that share a chunk. */
function groupsOf(files: readonly Listed[], step: number): readonly (readonly Listed[])[] {
  const most = Math.ceil(files.length / MANY_FILES);
  const groups: Listed[][] = [];
  let [shared, held] = [undefined as Listed[] | undefined, 0];
  for (const file of files) {
    const { path, size, isUnsized = false } = file;
    if (size === 0 && !isUnsized) continue;
    const isSmall = size <= step && !isUnsized && compressionOf(path) === 'none';
    if (isSmall && shared !== undefined && shared.length < most && held + size <= step) {
      shared.push(file);
      held += size;
    } else {
      groups.push([file]);
      [shared, held] = [isSmall ? groups.at(-1) : undefined, size];
    }
  }
  return groups;
}

function packed(files: readonly Listed[]): PackedChunk {
  return {
    kind: 'packed',
    files: files.map(({ path }) => path),
    sizes: files.map(({ size }) => size),
    ids: files.map(({ id }) => id),
  };
}

function* rangesOf(file: Listed, step: number): Generator<BytesChunk, void, undefined> {
  const { path, size, id, isUnsized = false } = file;
  const compression = isUnsized ? 'none' : compressionOf(path);
  const known = { kind: 'bytes', file: path, compression, id } as const;
  if (isUnsized) yield { ...known, start: 0, end: Infinity, isUnsized };
  const length = compression === 'none' ? step : size;
  for (let start = 0; start < size; start += length) {
    yield { ...known, start, end: Math.min(size, start + length) };
  }
}

function countOf({ path, size, isUnsized = false }: Listed, step: number): number {
  return isUnsized || compressionOf(path) !== 'none' ? 1 : Math.ceil(size / step);
}

function compressionOf(path: string): Compression {
  const ending = /\.(gz|br|zst)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === 'gz') return 'gzip';
  if (ending === 'br') return 'brotli';
  if (ending !== 'zst') return 'none';
  if ('createZstdDecompress' in process.getBuiltinModule('node:zlib')) return 'zstd';
  const message = `${path} needs a Node.js with zstd (22.15 or later), and this is ${process.version}`;
  throw new SourceError(`${message}: update Node.js, or compress with gzip`, { file: path });
}
