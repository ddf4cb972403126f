import type { Segment } from '../blocks/segment.js';

/** After so many levels of at least four parts, keys that are still together cannot be told apart by hashing. */
export const MAX_LEVEL = 8;

/**
 * Into how many parts to split a bucket that filled the memory when `consumed` of its `total` entries were read:
 * twice as many as would just fit, since parts are not equally large.
 */
export function splitFactor(total: number, consumed: number): number {
  return Math.min(64, Math.max(4, Math.ceil((2 * total) / Math.max(1, consumed))));
}

export function countEntries(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.entries, 0);
}

/** The seed of the hash of a level of splitting: 0 is the map side, each level below hashes anew. */
export function seedOfLevel(level: number): number {
  return Math.imul(level + 1, 0x9e3779b1);
}
