let native: ((data: Uint8Array) => number) | undefined;

/** The checksum of a block. `node:zlib`, which has it, is loaded with the first one: most runs write none. */
export function crc32(data: Uint8Array): number {
  native ??= process.getBuiltinModule('node:zlib').crc32;
  return native(data);
}
