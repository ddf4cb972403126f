import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SourceError } from '../../errors.js';
import type { BytesChunk } from './bytes-chunk.js';
import { bytesRead } from './bytes-read.js';

/** What is known of a file that was listed before the run. */
export type ListedFile = Pick<BytesChunk, 'file' | 'id' | 'end' | 'isUnsized'>;

export interface OpenFile {
  readonly descriptor: number;
  /** How many bytes it has now. */
  readonly size: number;
}

/**
 * Opens a file that was listed before the run, read-only. The caller closes it.
 *
 * @param listed `end` is how many bytes it had at least.
 * @throws SourceError where it has vanished, has shrunk, is another file now, or cannot be opened.
 */
export function openListed({ file, id, end, isUnsized }: ListedFile): OpenFile {
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
  const { size, dev, ino } = fstatSync(descriptor);
  // A file of procfs is made anew each time.
  if (isUnsized) return { descriptor, size };
  if (`${dev}:${ino}` === id && size >= end) return { descriptor, size };
  closeSync(descriptor);
  if (`${dev}:${ino}` === id) throw shrunk(file, end, size);
  const message = `${file} has been replaced by another file since the run began`;
  throw new SourceError(`${message}: do not change the input during a run`, { file });
}

/** Whether a file has less text than it says: those of sysfs lie on no disk, and all say that they fill a page. */
export function isNominal(descriptor: number): boolean {
  const { blocks, nlink } = fstatSync(descriptor);
  return blocks === 0 && nlink > 0;
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
    bytesRead.total += filled;
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
