import { nodeProgram, type Program } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { TWO, type Question } from './question.js';

export const NOTHING = 'node -e 0';

/** What a run costs in which there is nothing to do, from the start of the program to its end. */
export const empty: Question = {
  ask({ python }) {
    const silent = (program: Program): Program => ({ ...program, result: () => '' });
    return {
      title: 'A run of two records, start and end of the program included',
      expected: '',
      records: 2,
      time: 'wall',
      rounds: 15,
      programs: [
        silent({ name: NOTHING, command: process.execPath, args: ['-e', '0'] }),
        silent(nodeProgram('child_process.fork, 2 processes', 'empty/fork')),
        silent(nodeProgram(TWO, 'empty/forkfold')),
        ...onNodePools('empty/by-hand', []).map(silent),
        ...onPythonPools(python, 'empty', []).map(silent),
      ],
    };
  },
};
