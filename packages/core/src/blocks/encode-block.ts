import { SerializationError } from '../errors.js';
import { encode } from '../values/codec.js';

/**
 * The payload of a block; `nameOf` shows the key of a value, for messages.
 *
 * @throws SerializationError that names the key whose value cannot be serialized.
 */
export function encodeBlock(
  block: object,
  nameOf: (index: number) => string,
  values: readonly unknown[],
): Uint8Array {
  try {
    return encode(block, 'block');
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    // Only now, one by one, to find the culprit: a path into a block would mean nothing to the user.
    values.forEach((value, index) => encode(value, `value[${nameOf(index)}]`));
    throw error;
  }
}
