import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineJob, type Dataset } from '@forkfold/core';

/** In which chapters each word occurs: one record a file, `chapter_42.txt`, read by the child that indexes it. */
export const invertedIndex = defineJob(
  import.meta.url,
  (chapters: Dataset<{ readonly path: string; readonly size: number }>) =>
    chapters
      .flatMap(({ path }): [word: string, chapter: number][] => {
        const chapter = Number(/\d+/.exec(basename(path))?.[0]);
        const words =
          readFileSync(path, 'utf8')
            .toLowerCase()
            .match(/[a-z]+/g) ?? [];
        return [...new Set(words)].map((word) => [word, chapter]);
      })
      .groupByKey()
      // The files come in the order of their names, where chapter_10 stands before chapter_2.
      .mapValues((found) => [...found].sort((a, b) => a - b)),
);
