import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = 200;

/** Writes files of one line, a number of three digits, in 200 folders. Says what they add up to. */
export function writeTinyFiles(path: string, files: number): string {
  let sum = 0;
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const directory = join(path, `folder-${String(folder).padStart(3, '0')}`);
    mkdirSync(directory, { recursive: true });
    for (let i = folder; i < files; i += FOLDERS) {
      const n = 100 + ((i * 7919) % 900);
      writeFileSync(join(directory, `${String(i).padStart(6, '0')}.txt`), `${n}\n`);
      sum += n;
    }
  }
  return String(sum);
}
