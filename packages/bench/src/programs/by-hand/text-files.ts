import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of all `.txt` files below a directory. */
export function textFilesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .map((name) => join(directory, name));
}
