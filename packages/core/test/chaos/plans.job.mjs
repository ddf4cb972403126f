/** Plans over numbered records, each with the result that a plain program finds. `chaos` is the preload's. */
import { defineJob } from '@forkfold/core';

const at = (moment) => globalThis.chaos?.(moment);
const pairs = (numbers) =>
  numbers.map((n) => {
    at('mapping');
    return [`key ${(n * 7919) % 1009}`, n];
  });

const mapped = defineJob(import.meta.url, (numbers) => pairs(numbers).toArray());
const summed = defineJob(import.meta.url, (numbers) =>
  pairs(numbers)
    .map(([, n]) => 1 / (n + 1))
    .reduce((a, b) => a + b),
);
const reduced = defineJob(import.meta.url, (numbers) =>
  pairs(numbers)
    .reduceByKey((a, b) => {
      at('reducing');
      return a + b;
    })
    .toArray(),
);
const grouped = defineJob(import.meta.url, (numbers) =>
  pairs(numbers)
    .groupByKey()
    .map(([key, values]) => {
      at('reducing');
      return [key, Array.from(values)];
    })
    .toArray(),
);
const sorted = defineJob(import.meta.url, (numbers) =>
  pairs(numbers)
    .sortBy(([key]) => key, { descending: true })
    .map((pair) => {
      at('reducing');
      return pair;
    })
    .toArray(),
);
const joined = defineJob(import.meta.url, (numbers, others) =>
  pairs(numbers)
    .join(pairs(others))
    .map(([key, [a, b]]) => {
      at('reducing');
      return [key, a * b];
    })
    .toArray(),
);
const counted = defineJob(import.meta.url, (numbers) =>
  pairs(numbers)
    .distinct(([key]) => key)
    .count(),
);
const large = defineJob(import.meta.url, (texts) =>
  texts
    .map((text) => {
      at('mapping');
      return text.repeat(10);
    })
    .toArray(),
);

export const plans = { mapped, summed, reduced, grouped, sorted, joined, counted, large };
