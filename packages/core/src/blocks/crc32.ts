import * as zlib from 'node:zlib';

/** CRC-32 (the one of zip and PNG) of `bytes`, as an unsigned 32-bit integer. */
export const crc32: (bytes: Uint8Array) => number =
  // Native since Node 20.15 and 22.2.
  (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32 ?? tableCrc32;

let table: Uint32Array | undefined;

/** The same in JavaScript, a byte at a time, for a Node that lacks it. */
export function tableCrc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
    return remainder;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
