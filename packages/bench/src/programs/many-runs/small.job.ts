import { defineJob, type Dataset } from '@forkfold/core';

/** A keyed job that is small: how often each of a few words occurs. */
export const countWords = defineJob(import.meta.url, (words: Dataset<string>) =>
  words
    .map((word) => word.toLowerCase())
    .countByValue()
    .toMap(),
);
