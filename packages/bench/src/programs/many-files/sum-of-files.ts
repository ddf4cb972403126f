import { readFileSync } from 'node:fs';

/** The sum of the numbers in some files, one a line. */
export function sumOfFiles(paths: readonly string[]): number {
  let sum = 0;
  for (const path of paths)
    for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) sum += Number(line);
  return sum;
}
