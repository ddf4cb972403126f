import type { BlockOutput } from './block-output.js';
import { BLOCK_BYTES } from './block-output.js';
import { encodeBlock } from './encode-block.js';
import { Gaps } from './gaps.js';
import { KeyIndex } from './key-index.js';
import { orderByBucket } from './order-by-bucket.js';
import { SizeSampler, sizeOf } from './size-estimate.js';

/** A block of a combining shuffle: distinct keys, and their accumulators at the same indices. */
export type CombineBlock = readonly [keys: readonly unknown[], accumulators: readonly unknown[]];

/** Accumulators by key, with an estimate of the bytes that they take. */
export class CombineTable<A> {
  readonly #seed: number;
  #index: KeyIndex;
  #accumulators: A[] = [];
  #accumulatorBytes = 0;
  readonly #sampler = new SizeSampler();
  #updates = 0;
  readonly #gaps = new Gaps();
  #interval = 32;

  /** @param seed of the hash by which `flush` chooses buckets. */
  constructor(seed: number) {
    this.#seed = seed;
    this.#index = new KeyIndex(seed);
  }

  get size(): number {
    return this.#accumulators.length;
  }

  /** Estimated bytes of keys and accumulators. */
  get bytes(): number {
    return this.#index.bytes + this.#accumulatorBytes;
  }

  /** Makes `first(value)` the accumulator of a key that is new, and `next(accumulator, value)` that of any other. */
  put<V>(key: unknown, value: V, first: (value: V) => A, next: (accumulator: A, value: V) => A): void {
    const slot = this.#index.slot(key);
    if (slot === this.#accumulators.length) {
      const accumulator = first(value);
      this.#accumulators.push(accumulator);
      this.#accumulatorBytes += 16 + this.#sampler.of(accumulator);
      return;
    }
    const before = this.#accumulators[slot]!;
    this.#accumulators[slot] =
      typeof before === 'number' ? next(before, value) : this.#measured(before, value, next);
  }

  // Accumulators may grow (sets, lists, texts). Now and then an update is measured before and after; its growth
  // counts for all since the last, so hot keys weigh as they should. Large ones are measured less often: it takes longer.
  #measured<V>(before: A, value: V, next: (accumulator: A, value: V) => A): A {
    if (++this.#updates < this.#interval) return next(before, value);
    const bytesBefore = sizeOf(before);
    const after = next(before, value);
    const bytesAfter = sizeOf(after);
    this.#accumulatorBytes = Math.max(0, this.#accumulatorBytes + (bytesAfter - bytesBefore) * this.#updates);
    this.#updates = 0;
    this.#interval = this.#gaps.next(Math.min(4096, Math.max(32, Math.ceil(bytesAfter / 512))));
    return after;
  }

  /** Keys and accumulators in the order of the keys' first appearance. */
  *entries(): Generator<[unknown, A], void, undefined> {
    const { keys } = this.#index;
    const accumulators = this.#accumulators;
    for (let slot = 0; slot < accumulators.length; slot++) yield [keys[slot], accumulators[slot]!];
  }

  /** Writes everything as one segment a bucket, by the keys' hashes, and empties the table. */
  flush(output: BlockOutput, buckets: number): void {
    const index = this.#index;
    const { keys } = index;
    const accumulators = this.#accumulators;
    const { order, starts } = orderByBucket(
      accumulators.length,
      buckets,
      (slot) => index.hashOf(slot) % buckets,
    );
    const sampler = new SizeSampler();
    for (let bucket = 0; bucket < buckets; bucket++) {
      output.begin(bucket);
      let blockKeys: unknown[] = [];
      let block: A[] = [];
      let bytes = 0;
      const end = starts[bucket + 1]!;
      for (let i = starts[bucket]!; i < end; i++) {
        const slot = order[i]!;
        const key = keys[slot];
        const accumulator = accumulators[slot]!;
        blockKeys.push(key);
        block.push(accumulator);
        bytes +=
          16 +
          sampler.of(key) +
          (typeof accumulator === 'object' ? sizeOf(accumulator) : sampler.of(accumulator));
        if (bytes >= BLOCK_BYTES || i + 1 === end) {
          const payload: CombineBlock = [blockKeys, block];
          output.block(
            encodeBlock(payload, (index) => blockKeys[index], block),
            block.length,
          );
          blockKeys = [];
          block = [];
          bytes = 0;
        }
      }
    }
    this.clear();
  }

  clear(): void {
    this.#index = new KeyIndex(this.#seed);
    this.#accumulators = [];
    this.#accumulatorBytes = 0;
  }
}
