/** A list of the factorials themselves: made in children, or in a plain loop. */
import { parallelMap } from '@forkfold/core';
import { factorial } from '@forkfold/examples/dist/factorial/factorial.job.js';
import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';

const numbers = randomIntegers(Number(process.argv[2]));
const [, , , processes] = process.argv;

await timed(async () => {
  const factorials =
    processes === 'loop'
      ? Array.from(numbers, factorial)
      : await parallelMap(numbers, factorial, inProcesses(processes));
  return factorials.reduce((a, b) => a + b, 0n);
});
