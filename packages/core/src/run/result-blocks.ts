import { rmSync } from 'node:fs';
import { readBlocks } from '../blocks/block-input.js';
import type { Segment } from '../blocks/segment.js';
import type { ResultBytes } from '../protocol/reply.js';

/**
 * The records of a collected result, a block at a time, so that the parent holds few of a large one. A result's file is
 * removed when its blocks were read, or are not wanted any more; unless it `isKept`.
 *
 * @throws SourceError for a file that is missing or damaged.
 */
export function* recordBlocks(
  result: ResultBytes,
  isKept = false,
): Generator<readonly unknown[], void, undefined> {
  const where = 'file' in result ? result : { data: result, length: result.length };
  const segment: Segment = { bucket: 0, entries: 0, ...where };
  try {
    yield* readBlocks([segment], {}) as Generator<readonly unknown[], void, undefined>;
  } finally {
    if ('file' in result && !isKept) rmSync(result.file, { force: true });
  }
}
