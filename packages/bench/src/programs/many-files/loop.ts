import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { timed } from '../../measure/report.js';

const [, , directory = ''] = process.argv;

await timed(() => {
  let sum = 0;
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.txt')) continue;
    for (const line of readFileSync(join(directory, name), 'utf8').trimEnd().split('\n')) sum += Number(line);
  }
  return sum;
});
