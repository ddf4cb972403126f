import type { BlockOutput } from '../../blocks/block-output.js';
import { SizeSampler } from '../../blocks/size-estimate.js';
import { KeyIndex } from '../keys/key-index.js';
import { orderByBucket } from '../order-by-bucket.js';
import { GroupBlockBuilder, type GroupBlock } from './block-builder.js';

/** What a value costs besides itself: its place in two logs, and in the order that they are brought into. */
const ROW_BYTES = 40;

interface Runs {
  /** All values, those of a slot next to each other in the order in which they came. */
  readonly values: unknown[];
  /** Where the values of a slot (key times `tags`, plus tag) begin; one more than there are slots. */
  readonly starts: Uint32Array;
}

/**
 * Values in the order of their arrival, with the key and the tag (the input of a cogroup) of each. A log and not an
 * array a key: with many keys of few values, arrays would take several times the memory.
 */
export class GroupLog {
  readonly #tags: number;
  /** The keys; the number of each is its place in `#records`. */
  readonly #index: KeyIndex;
  #records: number[] = [];
  #slots: number[] = [];
  #values: unknown[] = [];
  #valueBytes = 0;
  /** What `bytes` was when the extent began. */
  #bytesBefore = 0;
  #sampler = new SizeSampler();

  /** @param seed of the hash that `flush` gives. */
  constructor(tags: number, seed: number) {
    this.#tags = tags;
    this.#index = new KeyIndex(seed);
    // No field that is set again later may look like a constant: see `SortRows`.
    this.#dropValues();
  }

  /** Values in the log. */
  get size(): number {
    return this.#values.length;
  }

  /** Estimated bytes of keys and values. */
  get bytes(): number {
    return this.#index.bytes + this.#valueBytes;
  }

  /** Estimated bytes of what the extent under way has put here: they depend on its values alone. */
  get extentBytes(): number {
    return this.bytes - this.#bytesBefore;
  }

  /** What comes from now on has entries of its own: values of a key that is here do not move before those of other keys. */
  endExtent(): void {
    this.#index.forget();
    this.#sampler = new SizeSampler();
    this.#bytesBefore = this.bytes;
  }

  add(key: unknown, tag: number, value: unknown): void {
    this.addTo(this.#slotOf(this.#index.record(key), tag), value);
  }

  /**
   * What `addTo` wants, to look a key up only once for many values: the slot of the `i`-th key of a block, whose record
   * begins at word `at`. Valid until the next `flush`.
   */
  slotAt({ words, objects }: GroupBlock, i: number, at: number, tag: number): number {
    return this.#slotOf(this.#index.recordOf(words, at, objects?.[i]), tag);
  }

  addTo(slot: number, value: unknown): void {
    this.#slots.push(slot);
    this.#values.push(value);
    this.#valueBytes += ROW_BYTES + this.#sampler.of(value);
  }

  /** The keys that have at least `share` (0 to 1) of all values. */
  keysWithShare(share: number): unknown[] {
    const records = this.#records;
    const counts = new Uint32Array(records.length);
    for (const slot of this.#slots) {
      const key = Math.floor(slot / this.#tags);
      counts[key] = counts[key]! + 1;
    }
    const heavy = records.filter((_, key) => counts[key]! >= share * this.#slots.length);
    return heavy.map((record) => this.#index.key(record));
  }

  /** Every key in the order of first appearance, with an array of values a tag. Empties the log at once, for good. */
  *groups(): Generator<[key: unknown, groups: unknown[][]], void, undefined> {
    const tags = this.#tags;
    const index = this.#index;
    const records = this.#records;
    const { values, starts } = this.#order();
    this.#dropValues();
    try {
      for (let key = 0; key < records.length; key++) {
        const groups: unknown[][] = [];
        for (let slot = key * tags; slot < (key + 1) * tags; slot++) {
          groups.push(values.slice(starts[slot], starts[slot + 1]));
        }
        yield [index.key(records[key]!), groups];
      }
    } finally {
      index.release();
    }
  }

  /** Writes everything as one segment a bucket and empties the log. `bucketOf` is asked for each key and tag. */
  flush(
    output: BlockOutput,
    buckets: number,
    bucketOf: (index: KeyIndex, record: number, tag: number) => number,
  ): void {
    const tags = this.#tags;
    const index = this.#index;
    const records = this.#records;
    const { values, starts } = this.#order();
    this.#dropValues();
    const bucket = new Uint32Array(records.length * tags);
    for (let slot = 0; slot < bucket.length; slot++) {
      // A key need not have values of every tag; an empty slot may go anywhere.
      if (starts[slot] === starts[slot + 1]) continue;
      bucket[slot] = bucketOf(index, records[Math.floor(slot / tags)]!, slot % tags);
    }
    const ordered = orderByBucket(bucket, buckets);
    const block = new GroupBlockBuilder(output, index, tags);
    for (let b = 0; b < buckets; b++) {
      output.begin(b);
      const end = ordered.starts[b + 1]!;
      for (let i = ordered.starts[b]!; i < end; i++) {
        const slot = ordered.order[i]!;
        if (starts[slot] === starts[slot + 1]) continue;
        const record = records[Math.floor(slot / tags)]!;
        block.add(record, slot % tags, { values, start: starts[slot]!, end: starts[slot + 1]! });
      }
      block.write();
    }
    index.clear();
    this.#bytesBefore = this.bytes;
  }

  /** Empties the log for good: another one may have its memory. May be called again. */
  release(): void {
    this.#dropValues();
    this.#index.release();
  }

  #dropValues(): void {
    this.#records = [];
    this.#slots = [];
    this.#values = [];
    this.#valueBytes = 0;
  }

  #slotOf(record: number, tag: number): number {
    const index = this.#index;
    if (index.size > this.#records.length) index.setNumber(record, this.#records.push(record) - 1);
    return index.number(record) * this.#tags + tag;
  }

  // A stable counting sort by slot.
  #order(): Runs {
    const slots = this.#slots;
    const starts = new Uint32Array(this.#records.length * this.#tags + 1);
    for (const slot of slots) starts[slot + 1] = starts[slot + 1]! + 1;
    for (let slot = 1; slot < starts.length; slot++) starts[slot] = starts[slot]! + starts[slot - 1]!;
    const next = starts.slice();
    const values = new Array<unknown>(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      values[next[slot]!] = this.#values[i];
      next[slot] = next[slot]! + 1;
    }
    return { values, starts };
  }
}
