import { defineJob, type Dataset } from '@forkfold/core';

/** How often each word occurs. */
export const wordCount = defineJob(import.meta.url, (lines: Dataset<string>) =>
  lines.flatMap((line) => line.toLowerCase().match(/[a-z]+/g) ?? []).countByValue(),
);
