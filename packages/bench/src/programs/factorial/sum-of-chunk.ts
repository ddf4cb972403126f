import { factorial } from '@forkfold/examples/dist/factorial/factorial.job.js';

/** What a user of a plain pool writes by hand: the work of one chunk, summed where it is done. */
export default function sumOfChunk(numbers: Uint8Array): bigint {
  let total = 0n;
  for (const n of numbers) total += factorial(n);
  return total;
}
