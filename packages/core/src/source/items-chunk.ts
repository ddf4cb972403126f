import type { SourceChunk } from './source.js';

/** What nobody can change, and any message takes. */
export type Primitive = string | number | boolean | null | undefined;

/** A run of items that travels with the message. */
export interface ItemsChunk extends SourceChunk {
  readonly kind: 'items';
  /** The items, an array or a typed array, encoded by the codec; or a few primitives as they are, which costs less. */
  readonly items: Uint8Array | readonly Primitive[];
  /** Index of the first item in its source. */
  readonly first: number;
}
