import { isDeepStrictEqual } from 'node:util';
import { prices } from './monte-carlo.job.js';

const plan = prices(40_000, 42);
const one = await plan.run({ processes: 1 });
console.log('A share of 100 after a year, on 40,000 paths:');
console.log(
  `mean ${one.mean.toFixed(2)}, median ${one.median.toFixed(2)}, one in twenty below ${one.worst.toFixed(2)}`,
);

const two = await plan.run({ processes: 2 });
console.log(`The same bits in two processes: ${isDeepStrictEqual(one, two)}`);

const other = await prices(40_000, 43).run({ processes: 2 });
console.log(`Another seed: mean ${other.mean.toFixed(2)}`);
