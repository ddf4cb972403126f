import { readBlocks } from '../../blocks/block-input.js';
import { isBefore } from './plan-sort.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import type { CompareKeys } from '../keys/sort-key.js';
import type { SortBlock, SortBound, SortSlice } from './spec.js';

/** The record that is next in order, until the generator goes on. */
export interface MergedRecord {
  readonly key: unknown;
  readonly record: unknown;
}

/** Which records of the slices are wanted. */
export interface Bounds {
  readonly lower?: SortBound;
  readonly upper?: SortBound;
}

/**
 * Merges sorted runs: by key, and among equal keys by the order of `slices`. Reads each of them block by block, with
 * its file open. The object that it yields is valid only until the next one.
 */
export function* mergeRuns(
  slices: readonly SortSlice[],
  { lower, upper }: Bounds,
  compare: CompareKeys,
  io: SpillPlace,
): Generator<MergedRecord, void, undefined> {
  const window = Math.min(256 * 1024, Math.max(16 * 1024, Math.floor(io.memory / (4 * slices.length))));
  const cursors = slices.map(
    ({ run, segment }, order) => new Cursor(readBlocks([segment], io, window), run, order),
  );
  try {
    const heap: Cursor[] = [];
    const comesBefore = (left: Cursor, right: Cursor): boolean =>
      (compare(left.key, right.key) || left.order - right.order) < 0;
    for (const cursor of cursors) {
      let more = cursor.next();
      while (more && lower !== undefined && isBefore(cursor.key, cursor.run, lower, compare))
        more = cursor.next();
      if (more) heap.push(cursor);
    }
    for (let i = (heap.length >>> 1) - 1; i >= 0; i--) siftDown(heap, i, comesBefore);
    while (heap.length > 0) {
      const first = heap[0]!;
      if (upper === undefined || isBefore(first.key, first.run, upper, compare)) {
        yield first;
        if (first.next()) {
          siftDown(heap, 0, comesBefore);
          continue;
        }
      }
      // This run has ended, or all that follows in it lies beyond the range.
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        siftDown(heap, 0, comesBefore);
      }
    }
  } finally {
    for (const cursor of cursors) cursor.close();
  }
}

class Cursor implements MergedRecord {
  key: unknown;
  record: unknown;
  readonly run: number;
  readonly order: number;
  readonly #blocks: Generator<unknown, void, undefined>;
  #keys: readonly unknown[] = [];
  #records: readonly unknown[] = [];
  #at = 0;

  constructor(blocks: Generator<unknown, void, undefined>, run: number, order: number) {
    this.#blocks = blocks;
    this.run = run;
    this.order = order;
  }

  next(): boolean {
    if (this.#at === this.#keys.length) {
      const { value, done } = this.#blocks.next();
      if (done === true) return false;
      const [keys, records] = value as SortBlock;
      this.#keys = keys;
      this.#records = records ?? keys;
      this.#at = 0;
    }
    this.key = this.#keys[this.#at];
    this.record = this.#records[this.#at];
    this.#at++;
    return true;
  }

  close(): void {
    this.#blocks.return();
  }
}

function siftDown(heap: Cursor[], from: number, comesBefore: (left: Cursor, right: Cursor) => boolean): void {
  const moving = heap[from]!;
  let at = from;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!comesBefore(heap[child]!, moving)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = moving;
}
