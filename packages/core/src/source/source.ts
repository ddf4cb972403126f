import { encode } from '../values/codec.js';
import { partitionFiles } from './files/byte-ranges.js';
import type { ChunkOptions, Partitions } from './chunk.js';
import { partitionFileList, type FilesSource } from './file-list.js';
import { partitionItems, type ItemsSource } from './items.js';
import { expandPaths } from './files/paths.js';
import { partitionRange, type RangeSource } from './range.js';
import type { TextSource } from './text.js';

/** Where the records of a dataset come from. Describing a source reads nothing. */
export type Source = ItemsSource | RangeSource | TextSource | FilesSource;

/**
 * Cuts a source into chunks, in the parent. Where the boundaries lie depends on the input and the chunk options alone.
 *
 * @throws SourceError for input that is not there, before any child starts.
 */
export async function partition(source: Source, options: ChunkOptions): Promise<Partitions> {
  switch (source.kind) {
    case 'items':
      return partitionItems(source, options, encode);
    case 'range':
      return partitionRange(source, options);
    case 'text':
      return partitionFiles(await expandPaths(source.paths), options, source.format, source.encoding);
    case 'files':
      return partitionFileList(await expandPaths(source.paths), options, encode);
  }
}
