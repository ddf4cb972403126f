/**
 * A short hash of a text or of bytes, with their length. FNV-1a over UTF-16 code units or bytes; not a defence against an
 * attacker.
 */
export function shortHash(data: string | Uint8Array): string {
  let hash = 0x811c9dc5;
  if (typeof data === 'string') {
    for (let i = 0; i < data.length; i += 1) hash = Math.imul(hash ^ data.charCodeAt(i), 0x01000193);
  } else {
    for (let i = 0; i < data.length; i += 1) hash = Math.imul(hash ^ data[i]!, 0x01000193);
  }
  return `${data.length.toString(36)}-${(hash >>> 0).toString(36)}`;
}
