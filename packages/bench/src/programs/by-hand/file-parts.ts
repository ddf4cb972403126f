import type { Part } from '../line-blocks.js';

/** A part of a file, as `lineBlocks` reads it. */
export interface FilePart extends Part {
  readonly path: string;
}

/** Cuts a file into parts. */
export function filePartsOf(path: string, count: number): FilePart[] {
  return Array.from({ length: count }, (_, index) => ({ path, index, count }));
}
