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
const aggregated = defineJob(import.meta.url, (numbers) =>
  pairs(numbers)
    .aggregateByKey({
      zero: () => ({ n: 0, sum: 0 }),
      add: ({ n, sum }, value) => ({ n: n + 1, sum: sum + value }),
      merge(a, b) {
        at('reducing');
        return { n: a.n + b.n, sum: a.sum + b.sum };
      },
      finish: ({ n, sum }) => sum / n,
    })
    .toArray(),
);
const cogrouped = defineJob(import.meta.url, (numbers, others) =>
  pairs(numbers)
    .cogroup(pairs(others))
    .map(([key, [left, right]]) => {
      at('reducing');
      return [key, Array.from(left), Array.from(right)];
    })
    .toArray(),
);
const outer = defineJob(import.meta.url, (numbers, others) =>
  pairs(others)
    .leftJoin(pairs(numbers).filter(([, n]) => n % 5 === 0))
    .fullJoin(pairs(others).countByKey())
    .countByKey()
    .toArray(),
);
const words = defineJob(import.meta.url, (numbers) =>
  pairs(numbers)
    .flatMap(([key, n]) => [key, n % 7])
    .countByValue()
    .toArray(),
);
const waited = defineJob(import.meta.url, (numbers) =>
  numbers
    .mapAsync(async (n) => {
      await null;
      at('mapping');
      return n * 2;
    })
    .toArray(),
);
const ranked = defineJob(import.meta.url, (numbers, others) =>
  numbers
    .mapPartitions(function* (all) {
      for (const n of all) {
        at('mapping');
        yield (n * 7919) % 100_003;
      }
    })
    .union(others)
    .top(50, (n) => n % 1000),
);
const large = defineJob(import.meta.url, (texts) =>
  texts
    .map((text) => {
      at('mapping');
      return text.repeat(10);
    })
    .toArray(),
);

export const plans = {
  mapped,
  summed,
  reduced,
  grouped,
  sorted,
  joined,
  counted,
  aggregated,
  cogrouped,
  outer,
  words,
  waited,
  ranked,
  large,
};
