import { BLOCK_BYTES, type BlockOutput } from '../../blocks/block-output.js';
import { encodeBlock } from '../../blocks/encode-block.js';
import { SizeSampler, sizeOf } from '../../blocks/size-estimate.js';
import type { KeyIndex } from '../keys/key-index.js';
import { previewKey } from '../keys/key.js';
import { KeyPacker } from '../keys/packed-keys.js';
import type { CombineBlock } from './block.js';

/** Cuts entries of a table into blocks. */
export class CombineBlockBuilder<A> {
  readonly #output: BlockOutput;
  readonly #index: KeyIndex;
  readonly #packer: KeyPacker;
  readonly #all: readonly A[] | undefined;
  readonly #sampler = new SizeSampler();
  #accumulators: A[] = [];
  #bytes = 0;
  #entries = 0;

  /** @param all The accumulators, which the numbers of the keys are places of; undefined if they are the numbers. */
  constructor(output: BlockOutput, index: KeyIndex, all: readonly A[] | undefined) {
    this.#output = output;
    this.#index = index;
    this.#packer = new KeyPacker(index);
    this.#all = all;
  }

  add(record: number): void {
    this.#packer.add(record);
    this.#entries += 1;
    if (this.#all !== undefined) this.#addAccumulator(this.#all[this.#index.number(record)]!);
    if (this.#packer.bytes + this.#bytes >= BLOCK_BYTES) this.write();
  }

  /** Writes what was added since the last block. */
  write(): void {
    if (this.#entries === 0) return;
    const packer = this.#packer;
    const accumulators = this.#accumulators;
    const { keys } = packer;
    const block: CombineBlock = this.#all === undefined ? keys : { ...keys, accumulators };
    const payload = encodeBlock(block, (n) => previewKey(packer.keyAt(n)), accumulators);
    this.#output.block(payload, this.#entries);
    packer.clear();
    this.#accumulators = [];
    this.#bytes = 0;
    this.#entries = 0;
  }

  #addAccumulator(accumulator: A): void {
    this.#accumulators.push(accumulator);
    this.#bytes +=
      16 + (typeof accumulator === 'object' ? sizeOf(accumulator) : this.#sampler.of(accumulator));
  }
}
