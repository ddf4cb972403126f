import { writeAccounts } from '../inputs/accounts.js';
import { nodeProgram } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** Two files of JSON lines, joined by a key. */
export const join: Question = {
  ask(options) {
    const rows = scaled(1_000_000, options);
    const { path, facts } = options.cache.input(`accounts-1-${rows}`, (directory) =>
      writeAccounts(directory, rows),
    );
    return {
      title: `Two files of ${rows} lines of JSON, joined`,
      expected: facts,
      records: 2 * rows,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'join/loop', [path]),
        nodeProgram(ONE, 'join/forkfold', [path, 1]),
        nodeProgram(TWO, 'join/forkfold', [path, 2]),
        ...onNodePools('join/by-hand', [path]),
        ...onPythonPools(options.python, 'join', [path]),
      ],
    };
  },
};
