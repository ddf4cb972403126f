import { writeRepeatedLines } from '../inputs/repeated-lines.js';
import { nodeProgram } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** The different ones of many lines. */
export const distinct: Question = {
  ask(options) {
    const lines = scaled(5_000_000, options);
    const different = Math.ceil(lines / 5);
    const { path, facts } = options.cache.input(`repeated-lines-1-${lines}.txt`, (file) =>
      writeRepeatedLines(file, lines, different),
    );
    return {
      title: `The distinct ones of ${lines} lines, about a fifth of them`,
      expected: facts,
      records: lines,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'distinct/loop', [path]),
        nodeProgram(ONE, 'distinct/forkfold', [path, 1]),
        nodeProgram(TWO, 'distinct/forkfold', [path, 2]),
        ...onNodePools('distinct/by-hand', [path]),
        ...onPythonPools(options.python, 'distinct', [path]),
      ],
    };
  },
};
