import { own, portable } from '../../module-ref.js';
import { KeyBytes } from './key-bytes.js';

/** What gives a part of a key: the name of a field, or a function. */
export type KeyPart = string | ((record: unknown) => unknown);

/** Makes a function that gives the key of a record: `turned` says which parts are in descending order. */
export function orderedBy(
  turned: readonly boolean[],
  ...parts: readonly KeyPart[]
): (record: unknown) => unknown {
  const keys = parts.map((part, i) => {
    const key = typeof part === 'function' ? part : fieldOf(part);
    return turned[i] ? (record: unknown) => turnedKey(key(record)) : key;
  });
  const [only] = keys;
  const key = keys.length === 1 ? only! : (record: unknown) => keys.map((part) => part(record));
  return portable(key, { module: own.functions, name: 'orderedBy', arguments: [turned, ...parts] });
}

function fieldOf(name: string): (record: unknown) => unknown {
  return (record) => (record as Readonly<Record<string, unknown>>)[name];
}

const bytes = new KeyBytes();

/**
 * A text whose order is the reverse of that of the key: the complement of its `KeyBytes`, none of which begin another's. So
 * ascending and descending parts make one key.
 *
 * @throws BadKey for a key that has no order.
 */
function turnedKey(key: unknown): string {
  bytes.write(key);
  const { length } = bytes;
  const turned = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i += 1) turned[i] = 0xff - bytes.bytes[i]!;
  return turned.toString('latin1');
}
