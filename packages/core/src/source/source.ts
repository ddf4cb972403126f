import type { ChunkOptions, Partitions } from './chunk.js';
import { partitionItems, type ItemsSource } from './items.js';
import { partitionRange, type RangeSource } from './range.js';
import { expandPaths, partitionText, type TextSource } from './text.js';

/** Where the records of a dataset come from. Describing a source reads nothing. */
export type Source =
  ItemsSource | RangeSource | TextSource | { readonly kind: 'files'; readonly paths: readonly string[] };

/** Cuts a source into chunks, in the parent. A missing file is a `SourceError` here, before any child starts. */
export async function partition(source: Source, options: ChunkOptions): Promise<Partitions> {
  switch (source.kind) {
    case 'items':
      return partitionItems(source, options);
    case 'range':
      return partitionRange(source, options);
    case 'text':
      return partitionText(source, options);
    case 'files':
      return partitionItems(
        { kind: 'items', items: await expandPaths(source.paths) },
        { chunkSize: 1, ...options },
      );
  }
}
