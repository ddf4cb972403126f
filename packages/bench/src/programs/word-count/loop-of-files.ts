import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { timed } from '../../measure/report.js';
import { partOf } from '../line-blocks.js';
import { verdict } from './verdict.js';

const [, , directory = '', ...place] = process.argv;
const { index, count } = partOf(place);

await timed(() => {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.txt'),
  );
  const part = names.slice((names.length * index) / count, (names.length * (index + 1)) / count);
  const counts = new Map<string, number>();
  let words = 0;
  for (const name of part) {
    const text = readFileSync(join(directory, name), 'utf8');
    for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      words += 1;
    }
  }
  return count === 1 ? verdict(counts.values()) : words;
});
