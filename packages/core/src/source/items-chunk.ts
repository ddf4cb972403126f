import type { SourceChunk } from './source.js';

/** A run of items that travels with the message. */
export interface ItemsChunk extends SourceChunk {
  readonly kind: 'items';
  /** The items, encoded by the codec: an array or a typed array. */
  readonly items: Uint8Array;
  /** Index of the first item in its source. */
  readonly first: number;
}
