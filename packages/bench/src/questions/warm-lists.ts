import { nodeProgram } from '../measure/program.js';
import { nodePools, onPythonPools } from './by-hand.js';
import { scaled, TWO, type Question } from './question.js';

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
        records: 10 * count,
        time: 'seconds',
        programs: [
          nodeProgram(TWO, 'warm/forkfold', args),
          ...Object.entries(nodePools).map(([pool, name]) =>
            nodeProgram(name, 'warm/rivals', [...args, pool]),
          ),
          ...onPythonPools(options.python, 'warm', args),
        ],
      };
    },
  };
}
