import { timed } from '../../measure/report.js';
import { lineBlocks, partOf } from '../line-blocks.js';
import type { Purchase } from './purchases.job.js';
import { verdict } from './verdict.js';

const [, , path = '', ...place] = process.argv;
const part = partOf(place);

await timed(() => {
  const sums = new Map<string, number>();
  let rows = 0;
  for (const block of lineBlocks(path, part)) {
    for (const line of block.split('\n')) {
      const { user, cents, paid } = JSON.parse(line) as Purchase;
      rows += 1;
      if (paid && cents >= 1000) sums.set(user, (sums.get(user) ?? 0) + cents);
    }
  }
  return part.count === 1 ? verdict(sums) : rows;
});
