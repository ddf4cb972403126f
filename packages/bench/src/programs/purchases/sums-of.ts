import { lineBlocks, type Part } from '../line-blocks.js';
import type { Purchase } from './purchases.job.js';

/** What a competent user writes without a library: what each user has paid in a part of a file, and its number of rows. */
export function sumsOf(path: string, part: Part): { sums: Map<string, number>; rows: number } {
  const sums = new Map<string, number>();
  let rows = 0;
  for (const block of lineBlocks(path, part)) {
    for (const line of block.split('\n')) {
      const { user, cents, paid } = JSON.parse(line) as Purchase;
      rows += 1;
      if (paid && cents >= 1000) sums.set(user, (sums.get(user) ?? 0) + cents);
    }
  }
  return { sums, rows };
}
