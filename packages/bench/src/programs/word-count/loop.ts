/** What a competent user writes without a library: one process, blocks of a megabyte, one Map. */
import { createReadStream } from 'node:fs';
import { timed } from '../../measure/report.js';
import { verdict } from './verdict.js';

const path = process.argv[2]!;

await timed(async () => {
  const counts = new Map<string, number>();
  const add = (text: string): void => {
    for (const word of text.toLowerCase().match(/[a-z]+/g) ?? [])
      counts.set(word, (counts.get(word) ?? 0) + 1);
  };
  let rest = '';
  for await (const block of createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 20 })) {
    const text = rest + (block as string);
    const end = text.lastIndexOf('\n') + 1;
    add(text.slice(0, end));
    rest = text.slice(end);
  }
  add(rest);
  return verdict(counts);
});
