import type { BlockOutput } from '../../blocks/block-output.js';
import { Gaps } from '../../blocks/gaps.js';
import type { Combining } from '../combining.js';
import { detachText } from '../keys/detach-text.js';
import { KeyIndex } from '../keys/key-index.js';
import { recordWords } from '../keys/key-record.js';
import { TextFront } from '../keys/text-front.js';
import { orderByBucket } from '../order-by-bucket.js';
import { SizeSampler, sizeOf } from '../../blocks/size-estimate.js';
import { CombineBlockBuilder } from './block-builder.js';
import type { OpenBlock } from './block.js';

/** One update in so many is measured, as long as accumulators grow. */
const OFTEN = 32;
/** Each time that none has grown makes it half as often, up to so many times. */
const MOST_STILL = 4;
/** V8 drops the code of a class whose field has held integers and then holds a fraction; -0 is none of its integers. */
const DOUBLE_ZERO = -0;

/** Accumulators by key, with an estimate of the bytes that they take. */
export class CombineTable<V, A> {
  readonly #combining: Combining<V, A>;
  readonly #index: KeyIndex;
  readonly #front = new TextFront();
  /** While all accumulators are numbers, they are those of the index; then their places in this list are. */
  #accumulators: A[] | undefined;
  #accumulatorBytes = DOUBLE_ZERO;
  /** What `bytes` was when the extent began, and what of it were accumulators. */
  #before = { bytes: DOUBLE_ZERO, accumulators: DOUBLE_ZERO };
  #sampler = new SizeSampler();
  #updates = 0;
  #gaps = new Gaps();
  #interval = OFTEN;
  /** How many times in a row an accumulator was measured that had not grown. */
  #still = 0;

  /** @param seed of the hash by which `flush` chooses buckets. */
  constructor(seed: number, combining: Combining<V, A>) {
    this.#index = new KeyIndex(seed);
    this.#combining = combining;
    // No field that is set again later may look like a constant: see `SortRows`.
    this.clear();
    this.endExtent();
  }

  get size(): number {
    return this.#index.size;
  }

  /** Estimated bytes of keys and accumulators. */
  get bytes(): number {
    return this.#index.bytes + this.#accumulatorBytes;
  }

  /**
   * Adds a value to the accumulator of its key, which is made of it if the key is new. When the combining has thrown, the
   * table is good for nothing but `release`. Gives whether `bytes` may be another number now.
   *
   * @param hint What the reader says of a key that is a text: see `Batch.hints`.
   */
  put(key: unknown, value: V, hint = 0): boolean {
    if (typeof key !== 'string') return this.#put(key, value);
    const known = this.#front.find(key, hint);
    if (known === 0) return this.#putText(key, value, hint);
    const accumulators = this.#accumulators;
    return accumulators === undefined
      ? this.#setNumber(known, this.#combining.add(this.#index.number(known) as A, value))
      : this.#updateAt(accumulators, known - 1, value);
  }

  /**
   * Takes the `i`-th record of a block, which begins at word `at`, and adds its accumulator to what is here, in a table that
   * combines accumulators. Gives the word where the next one begins.
   */
  take(this: CombineTable<A, A>, block: OpenBlock, i: number, at: number): number {
    const { words, floats, accumulators, objects } = block;
    const { size } = this.#index;
    const record = this.#index.recordOf(words, at, objects?.[i]);
    const accumulator = (accumulators === undefined ? floats[at / 2 + 1] : accumulators[i]) as A;
    if (size !== this.#index.size) this.#add(record, accumulator);
    else this.#update(record, accumulator);
    return at + recordWords(words, at);
  }

  /** Keys and accumulators in the order of the keys' first appearance, at most so many at a time. */
  *batches(length: number): Generator<[unknown, A][], void, undefined> {
    const records = this.#index.records();
    for (let at = 0; at < records.length; at += length)
      yield this.#entries(records.subarray(at, at + length));
  }

  /** Writes everything as one segment a bucket, by the keys' hashes, and empties the table. */
  flush(output: BlockOutput, buckets: number): void {
    const index = this.#index;
    const records = index.records();
    const { order, starts } = orderByBucket(bucketsOf(index, records, buckets), buckets);
    const block = new CombineBlockBuilder(output, index, this.#accumulators);
    for (let bucket = 0; bucket < buckets; bucket++) {
      output.begin(bucket);
      const end = starts[bucket + 1]!;
      for (let i = starts[bucket]!; i < end; i++) block.add(records[order[i]!]!);
      block.write();
    }
    this.clear();
  }

  /** Estimated bytes of what the extent under way has put here: they depend on its values alone. */
  get extentBytes(): number {
    return this.bytes - this.#before.bytes;
  }

  /** What comes from now on is combined with nothing that is here. */
  endExtent(): void {
    this.#index.forget();
    this.#front.clear();
    this.#before = { bytes: this.bytes, accumulators: this.#accumulatorBytes };
    this.#sampler = new SizeSampler();
    this.#gaps = new Gaps();
    [this.#updates, this.#interval, this.#still] = [0, OFTEN, 0];
  }

  clear(): void {
    this.#index.clear();
    this.#front.clear();
    this.#accumulators = undefined;
    this.#accumulatorBytes = DOUBLE_ZERO;
    this.#before = { bytes: this.bytes, accumulators: DOUBLE_ZERO };
  }

  /** Empties it for good: another table may have its memory. May be called again. */
  release(): void {
    this.clear();
    this.#index.release();
  }

  #put(key: unknown, value: V): boolean {
    const index = this.#index;
    const { size } = index;
    return this.#putRecord(index.record(key), value, size);
  }

  /** A text that the front does not have: it is given the record, or the place of the accumulator where these are a list. */
  #putText(key: string, value: V, hint: number): boolean {
    const index = this.#index;
    const { size } = index;
    const record = index.record(key);
    const mayHaveChanged = this.#putRecord(record, value, size);
    this.#front.add(key, this.#accumulators === undefined ? record : index.number(record) + 1, hint);
    return mayHaveChanged;
  }

  /** Adds a value to a record, which is new where there were as many as `size` before. */
  #putRecord(record: number, value: V, size: number): boolean {
    if (size === this.#index.size) return this.#update(record, value);
    this.#add(record, detachText(this.#combining.create(value)));
    return true;
  }

  #entries(records: Uint32Array): [unknown, A][] {
    const entries: [unknown, A][] = [];
    for (let i = 0; i < records.length; i++) {
      entries.push([this.#index.key(records[i]!), this.#accumulator(records[i]!)]);
    }
    return entries;
  }

  #accumulator(record: number): A {
    const number = this.#index.number(record);
    return this.#accumulators === undefined ? (number as A) : this.#accumulators[number]!;
  }

  #add(record: number, accumulator: A): void {
    if (this.#accumulators === undefined) this.#setNumber(record, accumulator);
    else {
      this.#index.setNumber(record, this.#accumulators.push(accumulator) - 1);
      this.#count(accumulator);
    }
  }

  /** Keeps an accumulator where all have been numbers. Gives whether there is more to keep now than numbers. */
  #setNumber(record: number, accumulator: A): boolean {
    if (typeof accumulator === 'number') {
      this.#index.setNumber(record, accumulator);
      return false;
    }
    const accumulators = this.#toList();
    accumulators[this.#index.number(record)] = accumulator;
    this.#count(accumulator);
    return true;
  }

  /** Counts what an accumulator takes. A number takes nothing besides its key, wherever it is, so that the sum does not depend on others. */
  #count(accumulator: A): void {
    if (typeof accumulator !== 'number') this.#accumulatorBytes += 16 + this.#sampler.of(accumulator);
  }

  /** Gives whether `bytes` may be another number now. */
  #update(record: number, value: V): boolean {
    const number = this.#index.number(record);
    const accumulators = this.#accumulators;
    return accumulators === undefined
      ? this.#setNumber(record, this.#combining.add(number as A, value))
      : this.#updateAt(accumulators, number, value);
  }

  /** As `#update`, for the accumulator at a place of the list. */
  #updateAt(accumulators: A[], at: number, value: V): boolean {
    const before = accumulators[at]!;
    const isMeasured = typeof before !== 'number' && ++this.#updates >= this.#interval;
    const after = isMeasured ? this.#measured(before, value) : this.#combining.add(before, value);
    // Most aggregators change their accumulator and return it.
    if (after !== before) {
      accumulators[at] = after;
      if (typeof before === 'number' && typeof after !== 'number') {
        this.#count(after);
        return true;
      }
    }
    return isMeasured;
  }

  /** Moves the accumulators from the index to a list. */
  #toList(): A[] {
    const accumulators: A[] = [];
    for (const record of this.#index.records()) {
      const at = accumulators.push(this.#index.number(record) as A) - 1;
      this.#index.setNumber(record, at);
    }
    this.#accumulators = accumulators;
    // What it knows are records.
    this.#front.clear();
    return accumulators;
  }

  // Accumulators may grow (sets, lists, texts). Now and then an update is measured before and after; its growth
  // counts for all since the last, so hot keys weigh as they should. Large ones are measured less often: it takes longer;
  // and so are those that do not grow, as most do not.
  #measured(before: A, value: V): A {
    const bytesBefore = sizeOf(before);
    const after = this.#combining.add(before, value);
    const bytesAfter = sizeOf(after);
    const growth = bytesAfter - bytesBefore;
    const grown = this.#accumulatorBytes + growth * this.#updates;
    this.#accumulatorBytes = Math.max(this.#before.accumulators, grown);
    this.#updates = 0;
    this.#still = growth === 0 ? Math.min(MOST_STILL, this.#still + 1) : 0;
    const mean = Math.max(OFTEN << this.#still, Math.ceil(bytesAfter / 512));
    this.#interval = this.#gaps.next(Math.min(4096, mean));
    return after;
  }
}

function bucketsOf(index: KeyIndex, records: Uint32Array, buckets: number): Uint32Array {
  const bucket = new Uint32Array(records.length);
  for (let i = 0; i < records.length; i++) bucket[i] = index.hash(records[i]!) % buckets;
  return bucket;
}
