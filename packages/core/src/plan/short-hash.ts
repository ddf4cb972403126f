/**
 * A short hash of a text or of bytes, with their length: four bytes at a time, each mixed in as MurmurHash does. Not a defence against
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

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x85ebca6b);
  return product ^ (product >>> 13);
}
