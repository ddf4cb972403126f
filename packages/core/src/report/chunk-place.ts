import { isSearch, type TaskChunk, type TaskMessage } from '../protocol/task-message.js';
import type { FileChunk } from '../source/files/bytes-chunk.js';
import type { SlowChunk } from './run-report.js';

type Place = Pick<SlowChunk, 'file' | 'start' | 'end'>;

/** Where a chunk lies, where it lies in one file. */
export function placeOf({ source }: TaskChunk): Place {
  const chunk = source as Partial<FileChunk>;
  if (chunk.kind === 'bytes') {
    const { file, start, end = Infinity } = chunk;
    return { file: file!, start: start!, ...(Number.isFinite(end) && { end }) };
  }
  if (chunk.kind === 'packed' && chunk.files?.length === 1) {
    return { file: chunk.files[0]!, start: 0, end: chunk.sizes![0]! };
  }
  return {};
}

/** How many bytes it holds: of files, of items that travel, or of segments; 0 where nobody knows. */
export function bytesOf({ source }: TaskChunk): number {
  if ('segments' in source) return source.segments.reduce((sum, { length }) => sum + length, 0);
  if ('partition' in source) {
    return source.partition.slices.reduce((sum, { segment: { length } }) => sum + length, 0);
  }
  const chunk = source as Partial<FileChunk>;
  if (chunk.kind === 'bytes') return Number.isFinite(chunk.end) ? chunk.end! - chunk.start! : 0;
  if (chunk.kind === 'packed') return chunk.sizes!.reduce((sum, size) => sum + size, 0);
  return source.bytes ?? 0;
}

/** How many bytes of the run's input a task reads, where that is known. */
export function bytesRead({ chunks, selection }: TaskMessage): number {
  if (isSearch(selection)) return 0;
  return chunks.reduce((sum, chunk) => sum + ('segments' in chunk.source ? 0 : bytesOf(chunk)), 0);
}
