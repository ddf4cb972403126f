import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SourceError } from '../../errors.js';

/**
 * Opens a file that was listed before the run, read-only. The caller closes it.
 *
 * @param size The bytes that it had at least when it was listed.
 * @throws SourceError where it has vanished, has shrunk or cannot be opened.
 */
export function openListed(file: string, size: number): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'has vanished since the run began: do not change the input during a run'
        : `cannot be opened: ${message}`;
    throw new SourceError(`${file} ${why}`, { file }, { cause });
  }
  const now = fstatSync(descriptor).size;
  if (now >= size) return descriptor;
  closeSync(descriptor);
  throw shrunk(file, size, now);
}

/** Reads until `buffer` is full or the file ends. @returns The number of bytes. @throws SourceError */
export function readFully(descriptor: number, file: string, buffer: Buffer, position: number): number {
  let filled = 0;
  try {
    while (filled < buffer.length) {
      const read = readSync(descriptor, buffer, filled, buffer.length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
  } catch (cause) {
    const byte = position + filled;
    const message = `${file} cannot be read at byte ${byte}: ${(cause as Error).message}`;
    throw new SourceError(message, { file, byte }, { cause });
  }
  return filled;
}

/** The error for a file that another program has cut short. */
export function shrunk(file: string, size: number, now: number): SourceError {
  const message = `${file} has shrunk since the run began, from at least ${size} bytes to ${now}`;
  return new SourceError(`${message}: do not change the input during a run`, { file, byte: now });
}
