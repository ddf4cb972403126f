import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of all files in a directory, and how many there are. Files may go while it looks. */
export function directorySize(directory: string): number {
  return filesIn(directory).reduce((sum, path) => sum + sizeOf(path), 0);
}

/** All that is left in a directory, directories included. */
export function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true }).map((name) => join(directory, String(name)));
  } catch {
    return [];
  }
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : 0;
}
