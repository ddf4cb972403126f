import { readBlocks } from '../../blocks/block-input.js';
import { BlockOutput } from '../../blocks/block-output.js';
import { openBlock, type CombineBlock, type OpenBlock } from './block.js';
import { CombineTable } from './table.js';
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

/** Few at a time: enough to make the cost of a batch small, even if each accumulator is large. */
const BATCH = 16;

/**
 * The keys of one bucket with their accumulators in batches, merged from left to right in the order of the segments. Keys come
 * in the order of their first appearance, as long as the bucket fits `place.memory`; a larger one is split by another
 * hash and read part by part. Files of its own are removed when it ends, is returned early or throws.
 */
export function combineReader<A>(
  combining: Combining<never, A>,
  segments: readonly Segment[],
  place: SpillPlace,
): Generator<[key: unknown, accumulator: A][], void, undefined> {
  return combineBucket(mergingOf(combining), segments, place, 1);
}

/** Combines accumulators. */
function mergingOf<A>(combining: Combining<never, A>): Combining<A, A> {
  const merge = (left: A, right: A): A => combining.merge(left, right);
  return { create: (accumulator) => accumulator, add: merge, merge };
}

function* combineBucket<A>(
  merging: Combining<A, A>,
  segments: readonly Segment[],
  place: SpillPlace,
  level: number,
): Generator<[unknown, A][], void, undefined> {
  const table = new CombineTable(seedOfLevel(level), merging);
  let output: BlockOutput | undefined;
  const split = (): void => {
    output ??= new BlockOutput({ ...place, inline: 0 });
    table.flush(output, PARTS);
  };
  // A single key has a single accumulator: there is nothing to split. At the last level hashing has failed.
  const memory = level < MAX_LEVEL ? place.memory : Infinity;
  const take = (block: OpenBlock): void => {
    const { length } = block.words;
    for (let i = 0, at = 0; at < length; i++) {
      at = table.take(block, i, at);
      if (table.bytes > memory && table.size > 1) split();
    }
  };
  try {
    for (const block of readBlocks(segments, place)) take(openBlock(block as CombineBlock));
    if (output === undefined) {
      yield* table.batches(BATCH);
      return;
    }
    split();
    table.release();
    for (const part of segmentsByBucket([output.finish()], PARTS)) {
      if (part.length > 0) yield* combineBucket(merging, part, place, level + 1);
    }
  } finally {
    table.release();
    output?.remove();
  }
}
