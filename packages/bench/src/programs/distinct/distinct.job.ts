import { defineJob, type Aggregator, type Dataset } from '@forkfold/core';

interface Size {
  lines: number;
  letters: number;
}

const size: Aggregator<string, Size> = {
  zero: () => ({ lines: 0, letters: 0 }),
  add: (found, line) => ({ lines: found.lines + 1, letters: found.letters + line.length }),
  merge: (a, b) => ({ lines: a.lines + b.lines, letters: a.letters + b.letters }),
};

/** How many different lines there are, and how long they are together. */
export const sizeOfDistinct = defineJob(import.meta.url, (lines: Dataset<string>) =>
  lines.distinct().aggregate(size),
);
