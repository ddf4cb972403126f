import { readFileSync } from 'node:fs';

/** How often each word occurs in some files, and how many there are. */
export function countFiles(paths: readonly string[]): { counts: Map<string, number>; words: number } {
  const counts = new Map<string, number>();
  let words = 0;
  for (const path of paths) {
    for (const word of readFileSync(path, 'utf8')
      .toLowerCase()
      .match(/[a-z]+/g) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      words += 1;
    }
  }
  return { counts, words };
}
