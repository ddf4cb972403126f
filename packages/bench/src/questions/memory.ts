import { nodeProgram } from '../measure/program.js';
import { measurementsInput } from './measurements.js';
import { LOOP, scaled, TWO, type Question } from './question.js';

/** What a large file leaves in memory: 2 GB of rows. */
export const memory: Question = {
  ask(options) {
    const rows = scaled(112_000_000, options);
    const { path, facts } = measurementsInput(rows, options);
    return {
      title: `Peak memory: temperatures of 413 stations, ${rows} rows`,
      expected: facts,
      records: rows,
      time: 'wall',
      rounds: 1,
      programs: [
        nodeProgram(LOOP, 'measurements/loop', [path]),
        nodeProgram(TWO, 'measurements/forkfold', [path, 2, 'lines']),
      ],
    };
  },
};
