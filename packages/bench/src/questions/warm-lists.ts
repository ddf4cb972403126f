import { nodeProgram } from '../measure/program.js';
import { POOL, scaled, TWO, type Question } from './question.js';

/** A million integers to a warm pool and back. */
export const warmIntegers = thereAndBack('integers', 'integers', 1_000_000);

/** Small objects, of a number, a text, a fraction and a boolean, to a warm pool and back. */
export const warmObjects = thereAndBack('objects', 'small objects', 200_000);

function thereAndBack(kind: string, what: string, size: number): Question {
  return {
    ask(options) {
      const count = scaled(size, options);
      const args = [kind, count];
      return {
        title: `${count} ${what} there and back, on a warm pool`,
        expected: `${count} items, ${(count * (count - 1)) / 2}`,
        time: 'seconds',
        programs: [
          ...options.python.programs(POOL, 'warm', args),
          nodeProgram(TWO, 'warm/forkfold', args),
          nodeProgram('workerpool, 2 processes', 'warm/workerpool', args),
          nodeProgram('Tinypool, 2 processes', 'warm/tinypool', args),
          nodeProgram('Piscina, 2 threads', 'warm/piscina', args),
          nodeProgram('poolifier, 2 threads', 'warm/poolifier', args),
        ],
      };
    },
  };
}
