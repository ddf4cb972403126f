import { defineJob, type Dataset } from '@forkfold/core';

/** A step that is prime to every number of records used here: visits all of them in an order far from sorted. */
const STEP = 7_654_321;

/** The keys 0 to `distinct` - 1, each twice if the numbers go up to twice as many; counts those that came twice. */
export const countPairs = defineJob(import.meta.url, (numbers: Dataset<number>, distinct: number) =>
  numbers
    .map((n): [string, number] => [`key-${(n * STEP) % distinct}`, 1])
    .reduceByKey((a, b) => a + b)
    .filter(([, times]) => times === 2)
    .count(),
);

export const sortStrings = defineJob(import.meta.url, (numbers: Dataset<number>, records: number) =>
  numbers.map((n) => `string-${String((n * STEP) % records).padStart(8, '0')}`).sortBy((text) => text),
);

/** Nine of ten records under one key; of every key how many values it has, and whether they came in input order. */
export const countGroups = defineJob(import.meta.url, (numbers: Dataset<number>) =>
  numbers
    .map((n): [string, number] => [n % 10 === 0 ? `key-${n % 100_000}` : 'hot', n])
    .groupByKey()
    .map(([key, values]): [string, number, boolean] => {
      let [count, last, isOrdered] = [0, -1, true];
      for (const value of values) {
        if (value < last) isOrdered = false;
        last = value;
        count += 1;
      }
      return [key, count, isOrdered];
    })
    .toArray(),
);

/** Joins every number with its double. */
export const countJoined = defineJob(
  import.meta.url,
  (left: Dataset<number>, right: Dataset<number>, records: number) =>
    left
      .map((n): [number, number] => [(n * STEP) % records, n])
      .join(right.map((n): [number, number] => [n, 2 * n]))
      .filter(([key, [n, double]]) => (n * STEP) % records === key && double === 2 * key)
      .count(),
);
