import { closeSync, openSync, writeSync } from 'node:fs';
import { timed } from '../../measure/report.js';
import { lineBlocks, partOf } from '../line-blocks.js';

const [, , path = '', output = ''] = process.argv;

await timed(() => {
  const lines: string[] = [];
  for (const block of lineBlocks(path, partOf([]))) {
    for (const line of block.split('\n')) lines.push(line);
  }
  lines.sort();
  const file = openSync(output, 'wx');
  for (let i = 0; i < lines.length; i += 50_000)
    writeSync(file, `${lines.slice(i, i + 50_000).join('\n')}\n`);
  closeSync(file);
});
