import { readBlocks } from './block-input.js';
import { BlockOutput } from './block-output.js';
import type { CombineBlock } from './combine-table.js';
import { CombineTable } from './combine-table.js';
import { seedOfLevel } from './hash-key.js';
import type { Segment } from './segment.js';
import { segmentsByBucket } from './segment.js';
import type { Combining, ShuffleIo } from './shuffle-spec.js';
import { countEntries, MAX_LEVEL, splitFactor } from './split.js';

/**
 * The keys of one bucket with their accumulators, merged from left to right in the order of the segments. Keys come
 * in the order of their first appearance, as long as the bucket fits `io.memory`; a larger one is split by another
 * hash and read part by part. Files of its own are removed when it ends, is returned early or throws.
 */
export function combineReader<A>(
  combining: Combining<never, A>,
  segments: readonly Segment[],
  io: ShuffleIo,
): Generator<[key: unknown, accumulator: A], void, undefined> {
  return combineBucket((left, right) => combining.merge(left, right), segments, io, 1);
}

function* combineBucket<A>(
  merge: (left: A, right: A) => A,
  segments: readonly Segment[],
  io: ShuffleIo,
  level: number,
): Generator<[unknown, A], void, undefined> {
  const table = new CombineTable<A>(seedOfLevel(level));
  const total = countEntries(segments);
  let output: BlockOutput | undefined;
  let parts = 1;
  let consumed = 0;
  const split = (): void => {
    output ??= new BlockOutput({ ...io, inline: 0 });
    if (parts === 1) parts = splitFactor(total, consumed);
    table.flush(output, parts);
  };
  try {
    for (const block of readBlocks(segments, io)) {
      const [keys, accumulators] = block as CombineBlock;
      for (let i = 0; i < keys.length; i++) {
        table.put(keys[i], accumulators[i] as A, identity, merge);
        consumed++;
        // A single key has a single accumulator: there is nothing to split. At the last level hashing has failed.
        if (table.bytes > io.memory && table.size > 1 && level < MAX_LEVEL) split();
      }
    }
    if (output === undefined) {
      yield* table.entries();
      return;
    }
    split();
    for (const part of segmentsByBucket([output.finish()], parts)) {
      if (part.length > 0) yield* combineBucket(merge, part, io, level + 1);
    }
  } finally {
    output?.remove();
  }
}

function identity<T>(value: T): T {
  return value;
}
