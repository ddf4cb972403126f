import { defineJob, mean, quantile, range } from '@forkfold/core';

/** What the simulation is about: a share of 100 whose price moves every day. */
const DAYS = 250;
const DRIFT = 0.05;
const VOLATILITY = 0.2;

/** A number of the standard normal distribution (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The price after a year of days: one path that chance takes. */
function priceAfterYear(random: () => number): number {
  const step = (DRIFT - VOLATILITY ** 2 / 2) / DAYS;
  let log = Math.log(100);
  for (let day = 0; day < DAYS; day += 1) log += step + (VOLATILITY / Math.sqrt(DAYS)) * normal(random);
  return Math.exp(log);
}

/** The mean price of so many paths, the price that one in twenty falls below, and the median. */
export const prices = defineJob(import.meta.url, (paths: number, seed: number) =>
  range(paths)
    .withSeed(seed, (_, random) => ({ price: priceAfterYear(random) }))
    .aggregate({ mean: mean('price'), worst: quantile('price', 0.05), median: quantile('price', 0.5) }),
);
