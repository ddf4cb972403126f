/** A list of the factorials themselves: made in children, or in a plain loop by 0 processes. */
import { parallelMap } from '@forkfold/core';
import { factorial } from '@forkfold/examples/dist/factorial/factorial.job.js';
import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { timed } from '../../measure/report.js';

const numbers = randomIntegers(Number(process.argv[2]));
const processes = Number(process.argv[3]);

await timed(async () => {
  const factorials =
    processes === 0 ? Array.from(numbers, factorial) : await parallelMap(numbers, factorial, { processes });
  return factorials.reduce((a, b) => a + b, 0n);
});
