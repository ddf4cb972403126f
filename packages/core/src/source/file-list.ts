import type { ChunkOptions, Partitions } from './chunk.js';
import { partitionItems, type EncodeItems } from './items.js';
import type { FileInfo } from './files/paths.js';

export interface FilesSource {
  readonly kind: 'files';
  readonly paths: readonly string[];
}

/** One record a file, one chunk a record: what is done with a file takes long, as a rule. `chunkSize` overrides it. */
export function partitionFileList(
  files: readonly FileInfo[],
  { chunkSize = 1 }: ChunkOptions,
  encode: EncodeItems,
): Partitions {
  const items = files.map(({ path, size }) => ({ path, size }));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { ...partitionItems({ kind: 'items', items }, { chunkSize }, encode), bytes };
}
