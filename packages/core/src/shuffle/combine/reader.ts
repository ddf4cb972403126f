import { readBlocks } from '../../blocks/block-input.js';
import { BlockOutput } from '../../blocks/block-output.js';
import type { CombineBlock } from './table.js';
import { CombineTable, openBlock } from './table.js';
import type { Segment } from '../../blocks/segment.js';
import { segmentsByBucket } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { Combining } from '../combining.js';
import { MAX_LEVEL, seedOfLevel } from '../split.js';

/**
 * Into how many parts a bucket over its budget is split. Fixed: how many entries it has in all depends on how far the map
 * side has combined, and the order of the results must not.
 */
const PARTS = 16;

/**
 * The keys of one bucket with their accumulators, merged from left to right in the order of the segments. Keys come
 * in the order of their first appearance, as long as the bucket fits `place.memory`; a larger one is split by another
 * hash and read part by part. Files of its own are removed when it ends, is returned early or throws.
 */
export function combineReader<A>(
  combining: Combining<never, A>,
  segments: readonly Segment[],
  place: SpillPlace,
): Generator<[key: unknown, accumulator: A], void, undefined> {
  return combineBucket((left, right) => combining.merge(left, right), segments, place, 1);
}

function* combineBucket<A>(
  merge: (left: A, right: A) => A,
  segments: readonly Segment[],
  place: SpillPlace,
  level: number,
): Generator<[unknown, A], void, undefined> {
  const table = new CombineTable<A>(seedOfLevel(level));
  let output: BlockOutput | undefined;
  const split = (): void => {
    output ??= new BlockOutput({ ...place, inline: 0 });
    table.flush(output, PARTS);
  };
  try {
    for (const block of readBlocks(segments, place)) {
      const open = openBlock(block as CombineBlock);
      for (let i = 0, at = 0; at < open.words.length; i++) {
        at = table.take(open, i, at, merge);
        // A single key has a single accumulator: there is nothing to split. At the last level hashing has failed.
        if (table.bytes > place.memory && table.size > 1 && level < MAX_LEVEL) split();
      }
    }
    if (output === undefined) {
      yield* table.entries();
      return;
    }
    split();
    table.release();
    for (const part of segmentsByBucket([output.finish()], PARTS)) {
      if (part.length > 0) yield* combineBucket(merge, part, place, level + 1);
    }
  } finally {
    table.release();
    output?.remove();
  }
}
