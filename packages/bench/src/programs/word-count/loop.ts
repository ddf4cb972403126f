import { timed } from '../../measure/report.js';
import { lineBlocks, partOf } from '../line-blocks.js';
import { verdict } from './verdict.js';

const [, , path = '', ...place] = process.argv;
const part = partOf(place);

await timed(() => {
  const counts = new Map<string, number>();
  let words = 0;
  for (const block of lineBlocks(path, part)) {
    for (const word of block.toLowerCase().match(/[a-z]+/g) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      words += 1;
    }
  }
  return part.count === 1 ? verdict(counts.values()) : words;
});
