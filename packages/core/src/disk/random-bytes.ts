import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Bytes that nobody can guess. The system's own, where it gives them as a file: to load `node:crypto` costs 4 ms, and most
 * programs need a few bytes of it.
 */
export function randomBytes(length: number): Buffer<ArrayBuffer> {
  return fromDevice(length) ?? process.getBuiltinModule('node:crypto').randomBytes(length);
}

/** Undefined where there is no such file, or where it may not be read. */
function fromDevice(length: number): Buffer<ArrayBuffer> | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const device = openSync('/dev/urandom', 'r');
    try {
      const bytes = Buffer.alloc(length);
      return readSync(device, bytes, 0, length, null) === length ? bytes : undefined;
    } finally {
      closeSync(device);
    }
  } catch {
    return undefined;
  }
}
