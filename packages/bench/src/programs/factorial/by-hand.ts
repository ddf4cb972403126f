import { factorial } from '@forkfold/examples/dist/factorial/factorial.job.js';
import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { inChunks } from '../by-hand/in-chunks.js';

/** Summed where it is done. */
export default function sumOfChunk(numbers: Uint8Array): bigint {
  let total = 0n;
  for (const n of numbers) total += factorial(n);
  return total;
}

export function tasks(numbers: string): Uint8Array[] {
  return inChunks(randomIntegers(Number(numbers)));
}

export function verdict(sums: readonly bigint[]): string {
  return String(sums.reduce((a, b) => a + b, 0n));
}
