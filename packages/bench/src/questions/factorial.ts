import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { nodeProgram } from '../measure/program.js';
import { LOOP, ONE, POOL, scaled, TWO, type Question } from './question.js';

export const POOL_CHUNKS = 'Python Pool.imap of 64 chunks, 2 processes';

/** The sum of the factorials of a million random integers in [1, 100). */
export const factorial: Question = {
  ask(options) {
    const numbers = scaled(1_000_000, options);
    const { python } = options;
    return {
      title: `The factorials of ${numbers} integers, summed`,
      expected: sumOf(numbers),
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'factorial/loop', [numbers]),
        nodeProgram(ONE, 'factorial/forkfold', [numbers, 1]),
        nodeProgram(TWO, 'factorial/forkfold', [numbers, 2]),
        nodeProgram('workerpool, 2 processes', 'factorial/workerpool', [numbers, 2]),
        nodeProgram('Tinypool, 2 processes', 'factorial/tinypool', [numbers, 2]),
        nodeProgram('Piscina, 2 threads', 'factorial/piscina', [numbers, 2]),
        nodeProgram('poolifier, 2 threads', 'factorial/poolifier', [numbers, 2]),
        ...python.programs('Python, one plain loop', 'factorial', [numbers, 1, 'loop']),
        ...python.programs(POOL, 'factorial', [numbers, 2, 'map']),
        ...python.programs(POOL_CHUNKS, 'factorial', [numbers, 2, 'chunks']),
        ...python.programs('joblib, 2 processes', 'factorial', [numbers, 2, 'joblib'], 'joblib'),
        ...python.programs('dask.bag, 2 processes', 'factorial', [numbers, 2, 'dask'], 'dask.bag'),
      ],
    };
  },
};

/** The same, as a list of all of them. */
export const factorialList: Question = {
  ask(options) {
    const numbers = scaled(1_000_000, options);
    return {
      title: `A list of the factorials of ${numbers} integers`,
      expected: sumOf(numbers),
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'factorial/list', [numbers, 0]),
        nodeProgram(ONE, 'factorial/list', [numbers, 1]),
        nodeProgram(TWO, 'factorial/list', [numbers, 2]),
        ...options.python.programs(POOL, 'factorial', [numbers, 2, 'list']),
      ],
    };
  },
};

/** There are 99 different factorials: each is worked out once, and counted. */
function sumOf(numbers: number): string {
  const counts = new Map<number, bigint>();
  for (const n of randomIntegers(numbers)) counts.set(n, (counts.get(n) ?? 0n) + 1n);
  let [sum, product] = [0n, 1n];
  for (let n = 1; n < 100; n += 1) {
    product *= BigInt(n);
    sum += product * (counts.get(n) ?? 0n);
  }
  return String(sum);
}
