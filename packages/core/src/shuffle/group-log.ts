import type { BlockOutput } from './block-output.js';
import { BLOCK_BYTES } from './block-output.js';
import { encodeBlock } from './encode-block.js';
import { KeyIndex } from './key-index.js';
import { orderByBucket } from './order-by-bucket.js';
import { SizeSampler } from './size-estimate.js';

/**
 * A block of a grouping shuffle. Entry `i` says that the next `floor(codes[i] / tags)` of `values` belong to `keys[i]`
 * and came from input `codes[i] % tags`. A key may have several entries.
 */
export type GroupBlock = readonly [
  keys: readonly unknown[],
  codes: readonly number[],
  values: readonly unknown[],
];

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
  readonly #seed: number;
  #index: KeyIndex;
  #slots: number[] = [];
  #values: unknown[] = [];
  #valueBytes = 0;
  readonly #sampler = new SizeSampler();

  /** @param seed of the hash that `flush` gives. */
  constructor(tags: number, seed: number) {
    this.#tags = tags;
    this.#seed = seed;
    this.#index = new KeyIndex(seed);
  }

  /** Values in the log. */
  get size(): number {
    return this.#values.length;
  }

  /** Estimated bytes of keys and values. */
  get bytes(): number {
    return this.#index.bytes + this.#valueBytes;
  }

  add(key: unknown, tag: number, value: unknown): void {
    this.addTo(this.slot(key, tag), value);
  }

  /** What `addTo` wants, to look a key up only once for many values. Valid until the next `flush`. */
  slot(key: unknown, tag: number): number {
    return this.#index.slot(key) * this.#tags + tag;
  }

  addTo(slot: number, value: unknown): void {
    this.#slots.push(slot);
    this.#values.push(value);
    this.#valueBytes += ROW_BYTES + this.#sampler.of(value);
  }

  /** The keys that have at least `share` (0 to 1) of all values. */
  keysWithShare(share: number): unknown[] {
    const { keys } = this.#index;
    const counts = new Uint32Array(keys.length);
    for (const slot of this.#slots) {
      const key = Math.floor(slot / this.#tags);
      counts[key] = counts[key]! + 1;
    }
    return keys.filter((_, key) => counts[key]! >= share * this.#slots.length);
  }

  /** Every key in the order of first appearance, with an array of values a tag. Empties the log at once. */
  *groups(): Generator<[key: unknown, groups: unknown[][]], void, undefined> {
    const tags = this.#tags;
    const { keys } = this.#index;
    const { values, starts } = this.#order();
    this.clear();
    for (let key = 0; key < keys.length; key++) {
      const groups: unknown[][] = [];
      for (let slot = key * tags; slot < (key + 1) * tags; slot++) {
        groups.push(values.slice(starts[slot], starts[slot + 1]));
      }
      yield [keys[key], groups];
    }
  }

  /** Writes everything as one segment a bucket and empties the log. `bucketOf` is asked for each key's hash and tag. */
  flush(
    output: BlockOutput,
    buckets: number,
    bucketOf: (hash: number, tag: number, key: unknown) => number,
  ): void {
    const tags = this.#tags;
    const index = this.#index;
    const { keys } = index;
    const { values, starts } = this.#order();
    this.clear();
    const ordered = orderByBucket(keys.length * tags, buckets, (slot) => {
      // A key need not have values of every tag; an empty slot may go anywhere.
      if (starts[slot] === starts[slot + 1]) return 0;
      const key = Math.floor(slot / tags);
      return bucketOf(index.hashOf(key), slot % tags, keys[key]);
    });
    const block = new GroupBlockBuilder(output, tags);
    for (let bucket = 0; bucket < buckets; bucket++) {
      output.begin(bucket);
      const end = ordered.starts[bucket + 1]!;
      for (let i = ordered.starts[bucket]!; i < end; i++) {
        const slot = ordered.order[i]!;
        block.add(keys[Math.floor(slot / tags)], slot % tags, values, starts[slot]!, starts[slot + 1]!);
      }
      block.write();
    }
  }

  clear(): void {
    this.#index = new KeyIndex(this.#seed);
    this.#slots = [];
    this.#values = [];
    this.#valueBytes = 0;
  }

  // A stable counting sort by slot.
  #order(): Runs {
    const slots = this.#slots;
    const starts = new Uint32Array(this.#index.keys.length * this.#tags + 1);
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

/** Cuts entries into blocks; the values of one key may go on in the next block. */
class GroupBlockBuilder {
  readonly #output: BlockOutput;
  readonly #tags: number;
  readonly #sampler = new SizeSampler();
  #keys: unknown[] = [];
  #codes: number[] = [];
  #values: unknown[] = [];
  #bytes = 0;

  constructor(output: BlockOutput, tags: number) {
    this.#output = output;
    this.#tags = tags;
  }

  add(key: unknown, tag: number, values: readonly unknown[], start: number, end: number): void {
    let from = start;
    for (let i = start; i < end; i++) {
      this.#values.push(values[i]);
      this.#bytes += 16 + this.#sampler.of(values[i]);
      if (this.#bytes < BLOCK_BYTES) continue;
      this.#entry(key, tag, i + 1 - from);
      from = i + 1;
      this.write();
    }
    if (from < end) this.#entry(key, tag, end - from);
  }

  write(): void {
    if (this.#values.length > 0) {
      const block: GroupBlock = [this.#keys, this.#codes, this.#values];
      this.#output.block(
        encodeBlock(block, (index) => keyAt(block, index, this.#tags), this.#values),
        this.#values.length,
      );
    }
    this.#keys = [];
    this.#codes = [];
    this.#values = [];
    this.#bytes = 0;
  }

  #entry(key: unknown, tag: number, count: number): void {
    this.#keys.push(key);
    this.#codes.push(count * this.#tags + tag);
    this.#bytes += 24 + this.#sampler.of(key);
  }
}

function keyAt([keys, codes]: GroupBlock, index: number, tags: number): unknown {
  let end = 0;
  return keys[codes.findIndex((code) => (end += Math.floor(code / tags)) > index)];
}
