import { mixed } from '../values/mixed.js';

/**
 * A short hash of a text or of bytes, with their length: four bytes at a time. Not a defence against
 * an attacker.
 */
export function shortHash(data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf16le') : data;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = bytes.length & ~3;
  let hash = bytes.length;
  for (let i = 0; i < whole; i += 4) hash = mixed(hash, view.getInt32(i, true));
  for (let i = whole; i < bytes.length; i += 1) hash = mixed(hash, bytes[i]!);
  return `${data.length.toString(36)}-${(hash >>> 0).toString(36)}`;
}
