import type { BlockOutput } from '../../blocks/block-output.js';
import { encodeBlock } from '../../blocks/encode-block.js';
import { previewKey } from '../keys/key.js';
import type { SortRows } from './sort-rows.js';

/** About how many bytes a block has where nothing speaks for smaller ones. */
export const BLOCK_BYTES = 64 * 1024;

/** Writes one sorted run as blocks, and keeps what an index of it needs. */
export class RunWriter {
  /** The first key of every block written. */
  readonly firstKeys: unknown[] = [];
  /** The length in bytes of every block written. */
  readonly lengths: number[] = [];
  readonly #output: BlockOutput;
  readonly #blockBytes: number;

  /** @param blockBytes about how many bytes a block has */
  constructor(output: BlockOutput, blockBytes: number) {
    this.#output = output;
    this.#blockBytes = blockBytes;
  }

  /** Writes rows in the given order; they are the next ones of the run. */
  write(rows: SortRows, order: Uint32Array): void {
    let from = 0;
    let bytes = 0;
    for (let i = 0; i < order.length; i++) {
      bytes += rows.sizeOf(order[i]!);
      if (bytes < this.#blockBytes && i + 1 < order.length) continue;
      this.#block(rows, order, from, i + 1);
      from = i + 1;
      bytes = 0;
    }
  }

  #block(rows: SortRows, order: Uint32Array, from: number, to: number): void {
    const block = rows.block(order, from, to);
    const keyOf = (i: number): unknown => rows.keys.keyAt(order[from + i]!);
    const values = Array.isArray(block.records) ? (block.records as unknown[]) : [];
    this.firstKeys.push(keyOf(0));
    this.lengths.push(
      this.#output.block(
        encodeBlock(block, (i) => previewKey(keyOf(i)), values),
        to - from,
      ),
    );
  }
}
