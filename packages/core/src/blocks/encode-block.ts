import { SerializationError } from '../errors.js';
import { encode } from '../values/codec.js';
import { previewKey } from '../shuffle/keys/key.js';

/**
 * The payload of a block.
 *
 * @throws SerializationError that names the key whose value cannot be serialized.
 */
export function encodeBlock(
  block: object,
  keyOf: (index: number) => unknown,
  values: readonly unknown[],
): Uint8Array {
  try {
    return encode(block, 'block');
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    // Only now, one by one, to find the culprit: a path into a block would mean nothing to the user.
    values.forEach((value, index) => encode(value, `value[${previewKey(keyOf(index))}]`));
    throw error;
  }
}
