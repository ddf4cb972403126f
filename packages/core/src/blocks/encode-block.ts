import { SerializationError } from '../errors.js';
import { encode, encodeFields, encodeList, type Fields } from '../values/codec.js';

/**
 * The payload of a block, as columns where it is an object of lists and typed arrays; `nameOf` shows the key of a value, for
 * messages.
 *
 * @throws SerializationError that names the key whose value cannot be serialized.
 */
export function encodeBlock(
  block: object,
  nameOf: (index: number) => string,
  values: readonly unknown[],
): Uint8Array {
  try {
    if (Array.isArray(block)) return encodeList(block, 'block');
    return (isFields(block) ? encodeFields(block) : undefined) ?? encode(block, 'block');
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    // Values are encoded one by one only now, to find the culprit: a path into a block would mean nothing to the user.
    values.forEach((value, index) => encode(value, `value[${nameOf(index)}]`));
    throw error;
  }
}

function isFields(block: object): block is Fields {
  const fields = Object.values(block) as unknown[];
  return fields.every((field) => Array.isArray(field) || ArrayBuffer.isView(field));
}
