import { factorial } from '@forkfold/examples/dist/factorial/factorial.job.js';
import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { timed } from '../../measure/report.js';

const numbers = randomIntegers(Number(process.argv[2]));

await timed(() => {
  let total = 0n;
  for (const n of numbers) total += factorial(n);
  return total;
});
