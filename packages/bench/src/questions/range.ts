import { nodeProgram, type Program } from '../measure/program.js';
import { LIMIT, LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** The engine's own cost a record: there is no input, and next to no work. */
export const range: Question = {
  ask(options) {
    const end = scaled(1e8, options);
    // The remainders of seven numbers in a row add up to 21; those of the rest to a triangle.
    const rest = end % 7;
    const sum = 21 * Math.floor(end / 7) + (rest * (rest - 1)) / 2;
    const half = (index: number): Program => nodeProgram(LIMIT, 'range/loop', [end, index, 2]);
    return {
      title: `range(${end}).map((n) => n % 7).reduce((a, b) => a + b)`,
      expected: String(sum),
      records: end,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'range/loop', [end]),
        { ...half(0), beside: half(1) },
        nodeProgram(ONE, 'range/forkfold', [end, 1]),
        nodeProgram(TWO, 'range/forkfold', [end, 2]),
      ],
    };
  },
};
