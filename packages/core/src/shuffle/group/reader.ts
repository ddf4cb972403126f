import { readBlocks } from '../../blocks/block-input.js';
import type { GroupBlock } from './block-builder.js';
import { GroupLog } from './log.js';
import { GroupSplit } from './split.js';
import { recordWords } from '../keys/key-record.js';
import type { Segment } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import { SpilledValues } from './spilled-values.js';
import { countEntries, seedOfLevel, splitFactor } from '../split.js';

/** A key with its values, one iterable an input. */
export type Group = [key: unknown, groups: Iterable<unknown>[]];

/**
 * The keys of one bucket, each with its values in the order of the segments. An iterable is an array when the bucket
 * (or the part of it that is read) fits `place.memory`. The values of a key with more are read from the disk every time
 * they are iterated, and only until the next group is taken.
 *
 * Keys come in the order of their first appearance, as long as the bucket fits the memory; a larger one is split by
 * another hash and read part by part. Files of its own are removed when it ends, is returned early or throws.
 */
export function groupReader(
  tags: number,
  segments: readonly Segment[],
  place: SpillPlace,
): Generator<Group, void, undefined> {
  return groupBucket(tags, segments, place, 1);
}

function* groupBucket(
  tags: number,
  segments: readonly Segment[],
  place: SpillPlace,
  level: number,
): Generator<Group, void, undefined> {
  const log = new GroupLog(tags, seedOfLevel(level));
  const total = countEntries(segments);
  let split: GroupSplit | undefined;
  let consumed = 0;
  try {
    for (const blockRead of readBlocks(segments, place)) {
      const block = blockRead as GroupBlock;
      const { words, codes, values } = block;
      let at = 0;
      for (let i = 0, key = 0; i < codes.length; i++, key += recordWords(words, key)) {
        const tag = codes[i]! % tags;
        let slot = log.slotAt(block, i, key, tag);
        for (const end = at + Math.floor(codes[i]! / tags); at < end; at++) {
          log.addTo(slot, values[at]);
          consumed++;
          if (log.bytes <= place.memory || log.size === total) continue;
          split ??= new GroupSplit(log, { tags, factor: splitFactor(total, consumed), level }, place);
          split.take(log);
          slot = log.slotAt(block, i, key, tag);
        }
      }
    }
    if (split === undefined) {
      yield* log.groups();
      return;
    }
    split.take(log);
    log.release();
    const { parts, heavy } = split.finish();
    for (const part of parts) {
      if (part.length > 0) yield* groupBucket(tags, part, place, level + 1);
    }
    for (const [key, segmentsByTag] of heavy) yield* heavyGroup(key, segmentsByTag, place);
  } finally {
    log.release();
    split?.remove();
  }
}

// An input with few values for this key is an array, as anywhere else: a join repeats the smaller side.
function* heavyGroup(
  key: unknown,
  segmentsByTag: Segment[][],
  place: SpillPlace,
): Generator<Group, void, undefined> {
  const spilled = segmentsByTag.map((segments) => new SpilledValues(segments, place));
  try {
    yield [
      key,
      spilled.map((values, tag) => {
        const bytes = segmentsByTag[tag]!.reduce((sum, segment) => sum + segment.length, 0);
        return bytes <= place.memory / 32 ? Array.from(values) : values;
      }),
    ];
  } finally {
    for (const values of spilled) values.close();
  }
}
