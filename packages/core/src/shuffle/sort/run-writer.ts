import type { BlockOutput } from '../../blocks/block-output.js';
import { encodeBlock } from '../../blocks/encode-block.js';
import { SizeSampler } from '../../blocks/size-estimate.js';
import { previewKey } from '../keys/key.js';
import type { SortBlock } from './spec.js';

/** Writes one sorted run as blocks, and keeps what an index of it needs. */
export class RunWriter {
  /** The first key of every block written. */
  readonly firstKeys: unknown[] = [];
  /** The length in bytes of every block written. */
  readonly lengths: number[] = [];
  readonly #output: BlockOutput;
  readonly #blockBytes: number;
  readonly #sampler = new SizeSampler();
  #keys: unknown[] = [];
  #records: unknown[] = [];
  #ownKeys = true;
  #bytes = 0;

  /** @param blockBytes estimated bytes of the records of a block */
  constructor(output: BlockOutput, blockBytes: number) {
    this.#output = output;
    this.#blockBytes = blockBytes;
  }

  /** Takes the next record in sorted order. */
  add(key: unknown, record: unknown): void {
    this.#keys.push(key);
    this.#records.push(record);
    this.#bytes += 16 + this.#sampler.of(record);
    if (!Object.is(key, record)) {
      this.#ownKeys = false;
      this.#bytes += this.#sampler.of(key);
    }
    if (this.#bytes >= this.#blockBytes) this.end();
  }

  /** Writes the last block. */
  end(): void {
    const keys = this.#keys;
    const records = this.#records;
    if (keys.length === 0) return;
    // Sorting plain values by themselves is common: they travel once.
    const block: SortBlock = [keys, this.#ownKeys ? null : records];
    this.firstKeys.push(keys[0]);
    this.lengths.push(
      this.#output.block(
        encodeBlock(block, (index) => previewKey(keys[index]), records),
        keys.length,
      ),
    );
    this.#keys = [];
    this.#records = [];
    this.#ownKeys = true;
    this.#bytes = 0;
  }
}
