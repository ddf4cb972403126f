import type { PackedKeys } from '../keys/packed-keys.js';

/** A block of a combining shuffle: distinct keys and their accumulators. If not given, these are the numbers of the keys. */
export interface CombineBlock extends PackedKeys {
  readonly accumulators?: readonly unknown[];
}

/** A block that is being read. */
export interface OpenBlock extends CombineBlock {
  /** The same memory as `words`. */
  readonly floats: Float64Array;
}

export function openBlock(block: CombineBlock): OpenBlock {
  const { buffer, byteOffset, length } = block.words;
  return { ...block, floats: new Float64Array(buffer, byteOffset, length / 2) };
}
