import { defineJob, type Dataset } from '@forkfold/core';

export const sorted = defineJob(import.meta.url, (lines: Dataset<string>) => lines.sortBy((line) => line));
