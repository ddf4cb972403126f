import { timed } from '../../measure/report.js';
import { lineBlocks, partOf } from '../line-blocks.js';

const [, , path = ''] = process.argv;

await timed(() => {
  const lines = new Set<string>();
  for (const block of lineBlocks(path, partOf([]))) {
    for (const line of block.split('\n')) lines.add(line);
  }
  let letters = 0;
  for (const line of lines) letters += line.length;
  return `${lines.size} lines, ${letters} letters`;
});
