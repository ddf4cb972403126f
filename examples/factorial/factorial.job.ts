import { defineJob, type Dataset } from '@forkfold/core';

/** n! as an exact integer. */
export function factorial(n: number): bigint {
  let product = 1n;
  for (let i = 2n; i <= BigInt(n); i += 1n) product *= i;
  return product;
}

/** The sum of the factorials of all numbers. */
export const sumOfFactorials = defineJob(import.meta.url, (numbers: Dataset<number>) =>
  numbers.map(factorial).reduce((a, b) => a + b, 0n),
);
