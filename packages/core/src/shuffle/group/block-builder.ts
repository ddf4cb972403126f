import type { BlockOutput } from '../../blocks/block-output.js';
import { BLOCK_BYTES } from '../../blocks/block-output.js';
import { encodeBlock } from '../../blocks/encode-block.js';
import { SizeSampler } from '../../blocks/size-estimate.js';
import type { KeyIndex } from '../keys/key-index.js';
import { previewKey } from '../keys/key.js';
import { KeyPacker, type PackedKeys } from '../keys/packed-keys.js';

/**
 * A block of a grouping shuffle. Entry `i` says that the next `floor(codes[i] / tags)` of `values` belong to the `i`-th
 * key and came from input `codes[i] % tags`. A key may have several entries.
 */
export interface GroupBlock extends PackedKeys {
  readonly codes: readonly number[];
  readonly values: readonly unknown[];
}

interface Slice {
  readonly values: readonly unknown[];
  readonly start: number;
  readonly end: number;
}

/** Cuts entries into blocks; the values of one key may go on in the next block. */
export class GroupBlockBuilder {
  readonly #output: BlockOutput;
  readonly #tags: number;
  readonly #sampler = new SizeSampler();
  readonly #packer: KeyPacker;
  #codes: number[] = [];
  #values: unknown[] = [];
  #bytes = 0;

  constructor(output: BlockOutput, index: KeyIndex, tags: number) {
    this.#output = output;
    this.#packer = new KeyPacker(index);
    this.#tags = tags;
  }

  /** Takes the values of a key and tag from `start` up to, but not including, `end`. */
  add(record: number, tag: number, { values, start, end }: Slice): void {
    let from = start;
    for (let i = start; i < end; i++) {
      this.#values.push(values[i]);
      this.#bytes += 16 + this.#sampler.of(values[i]);
      if (this.#packer.bytes + this.#bytes < BLOCK_BYTES) continue;
      this.#entry(record, tag, i + 1 - from);
      from = i + 1;
      this.write();
    }
    if (from < end) this.#entry(record, tag, end - from);
  }

  write(): void {
    if (this.#values.length > 0) {
      const block: GroupBlock = { ...this.#packer.keys, codes: this.#codes, values: this.#values };
      this.#output.block(
        encodeBlock(block, (value) => previewKey(this.#keyOf(value)), this.#values),
        this.#values.length,
      );
    }
    this.#packer.clear();
    this.#codes = [];
    this.#values = [];
    this.#bytes = 0;
  }

  #entry(record: number, tag: number, count: number): void {
    this.#packer.add(record);
    this.#codes.push(count * this.#tags + tag);
  }

  #keyOf(value: number): unknown {
    let end = 0;
    const entry = this.#codes.findIndex((code) => (end += Math.floor(code / this.#tags)) > value);
    return this.#packer.keyAt(entry);
  }
}
