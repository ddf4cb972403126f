let native: ((data: Uint8Array) => number) | undefined;

/** The checksum of a block. `node:zlib`, which has it, is loaded when it is first needed: most runs write no block. */
export function crc32(data: Uint8Array): number {
  return (native ?? loadCrc32())(data);
}

/**
 * Loads `node:zlib` before records come. V8 throws away what it has compiled of whoever reads bytes when that module is loaded:
 * 50 ms of a child's first task.
 */
export function loadCrc32(): (data: Uint8Array) => number {
  native ??= process.getBuiltinModule('node:zlib').crc32;
  return native;
}
