import type { Shuffle } from '../../plan/node.js';
import type { BucketChunk, SortedChunk } from '../../protocol/task-message.js';
import { combineReader } from '../../shuffle/combine/reader.js';
import type { Combining } from '../../shuffle/combining.js';
import { groupReader, type Group } from '../../shuffle/group/reader.js';
import { sortReader } from '../../shuffle/sort/reader.js';
import type { Batch } from '../../source/source.js';
import type { Blame } from '../blame/blame.js';
import type { TaskContext } from '../task-context.js';
import { combiningOf, withText } from './combining-of.js';

/** The records of one bucket or one range, on the reduce side. */
export function* readBucket(
  shuffle: Shuffle<number>,
  source: BucketChunk | SortedChunk,
  { functions, blame, place }: TaskContext,
): Generator<Batch> {
  const { spill } = place;
  if (source.kind === 'sorted') {
    const descending = shuffle.kind === 'sort' && shuffle.descending;
    const sorted = sortReader({ descending }, source.partition, spill);
    if (source.partition.first !== undefined) yield* numbered(sorted, source.partition.first);
    else for (const records of sorted) yield { records, locate };
    return;
  }
  const { segments } = source;
  if (shuffle.kind === 'group' || shuffle.kind === 'sort') {
    const tags = shuffle.kind === 'group' ? shuffle.tags : 1;
    yield* batchesOfGroups(groupReader(tags, segments, spill), tags);
    return;
  }
  const merging = blaming(combiningOf(shuffle, functions), shuffle, blame);
  const batches = combineReader(merging as Combining<never>, segments, spill);
  const isOfTexts = shuffle.kind === 'distinct' && shuffle.fn === undefined;
  for (const entries of batches) yield { records: isOfTexts ? entries.map(withText) : entries, locate };
}

function* numbered(sorted: Iterable<readonly unknown[]>, first: number): Generator<Batch> {
  let number = first;
  for (const given of sorted) {
    const from = number;
    number += given.length;
    yield { records: given.map((record, i) => [record, from + i]), locate };
  }
}

/** Whatever else a reader throws is forkfold's own, so the blame goes to the user's function only once it has thrown. */
function blaming(given: Combining, shuffle: Shuffle<number>, blame: Blame): Combining {
  return {
    ...given,
    merge(left, right) {
      try {
        return given.merge(left, right);
      } catch (error) {
        const verb = shuffle.kind === 'aggregate' ? `${shuffle.verb}.merge` : shuffle.verb;
        blame.blameNoRecord(verb, ('fn' in shuffle ? shuffle.fn : undefined) ?? -1);
        throw error;
      }
    },
  };
}

/** Few at a time: enough to make the cost of a batch small, even if each group is large. */
const BATCH = 16;

function* batchesOfGroups(groups: Iterable<Group>, tags: number): Generator<Batch> {
  let held: unknown[] = [];
  for (const [key, values] of groups) {
    held.push([key, tags === 1 ? values[0] : values]);
    // Values on the disk are valid only until the next group is read.
    if (held.length < BATCH && values.every(Array.isArray)) continue;
    yield { records: held, locate };
    held = [];
  }
  if (held.length > 0) yield { records: held, locate };
}

// Records of a bucket come from many places of the input.
function locate(): Record<string, never> {
  return {};
}
