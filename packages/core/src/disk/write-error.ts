import { SourceError } from '../errors.js';

/** The error for a write that failed; `done` bytes were written before, of `what`. */
export function writeError(
  cause: unknown,
  {
    directory,
    file,
    done,
    what,
    remedy,
  }: Record<'directory' | 'file' | 'what' | 'remedy', string> & { done: number },
): SourceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const where = `${directory} after ${done} bytes of ${what}`;
  const text =
    code === 'ENOSPC'
      ? `No space left in ${where}: free space or ${remedy}`
      : code === 'EDQUOT'
        ? `The disk quota is used up in ${where}: free space or ${remedy}`
        : `Cannot write in ${where}: ${message}; ${remedy} if this disk fails`;
  return new SourceError(text, { file }, { cause });
}

/** What to do where a run's own files have no room; they are durable where a checkpoint keeps them. */
export function roomElsewhere(isDurable = false): string {
  return isDurable ? 'move the checkpoint to another disk' : 'set tmpDir';
}

/** Whether a write failed for want of space, and of nothing else. */
export function isFull(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
}
