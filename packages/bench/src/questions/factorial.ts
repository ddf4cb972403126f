import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { nodeProgram } from '../measure/program.js';
import { onJoblibAndDask, onNodePools } from './by-hand.js';
import { LOOP, ONE, POOL, scaled, TWO, type Question } from './question.js';

export const POOL_CHUNKS = 'Python Pool.map of 64 chunks, 2 processes';

/** The sum of the factorials of a million random integers in [1, 100). */
export const factorial: Question = {
  ask(options) {
    const numbers = scaled(1_000_000, options);
    const { python } = options;
    return {
      title: `The factorials of ${numbers} integers, summed`,
      expected: sumOf(numbers),
      records: numbers,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'factorial/loop', [numbers]),
        nodeProgram(ONE, 'factorial/forkfold', [numbers, 1]),
        nodeProgram(TWO, 'factorial/forkfold', [numbers, 2]),
        ...onNodePools('factorial/by-hand', [numbers]),
        ...python.programs('Python, one plain loop', 'factorial', ['loop', 'sum', numbers]),
        ...python.programs(POOL, 'factorial', ['map', 'sum', numbers]),
        ...python.programs(POOL_CHUNKS, 'factorial', ['pool', 'sum', numbers]),
        ...onJoblibAndDask(python, 'factorial', ['sum', numbers]),
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
      records: numbers,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'factorial/list', [numbers, 'loop']),
        nodeProgram(ONE, 'factorial/list', [numbers, 1]),
        nodeProgram(TWO, 'factorial/list', [numbers, 2]),
        ...onNodePools('factorial/list-by-hand', [numbers]),
        ...options.python.programs(POOL, 'factorial', ['map', 'list', numbers]),
        ...onJoblibAndDask(options.python, 'factorial', ['list', numbers]),
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
