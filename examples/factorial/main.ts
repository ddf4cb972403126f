import { from, range } from '@forkfold/core';
import { factorial, sumOfFactorials } from './factorial.job.js';
import { randomIntegers } from './random-integers.js';

const numbers = randomIntegers(1_000_000);

console.log(`Adding up the factorials of ${numbers.length} integers in [1, 100)`);

let started = performance.now();
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(2);
let total = 0n;
for (const n of numbers) total += factorial(n);
console.log(`One plain loop, Seconds: ${seconds()}`);

for (let processes = 1; processes <= 4; processes += 1) {
  started = performance.now();
  const sum = await sumOfFactorials(from(numbers)).run({ processes });
  if (sum !== total) throw new Error(`${processes} processes found another sum`);
  console.log(`Processes: ${processes}, Seconds: ${seconds()}`);
}
console.log(`The sum has ${String(total).length} digits, each time the same ones.`);

const product = await range(1, 20_001)
  .map((n) => BigInt(n))
  .reduce((a, b) => a * b)
  .run();
console.log(`20,000! has ${String(product).length} digits.`);
