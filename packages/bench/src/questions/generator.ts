import { nodeProgram } from '../measure/program.js';
import { onJoblibAndDask, onNodePools } from './by-hand.js';
import { scaled, type Question } from './question.js';

export const IMAP = 'Python Pool(2).imap(chunksize=1000)';
export const STREAM = 'forkfold stream, 2 processes';
export const REDUCE = 'forkfold reduce, 2 processes';

/** Integers that a generator makes one by one, in order. */
export const generator: Question = {
  ask(options) {
    const count = scaled(1_000_000, options);
    return {
      title: `${count} integers of a generator, mapped in order and added up`,
      expected: String(count * count),
      records: count,
      time: 'wall',
      programs: [
        ...options.python.programs(IMAP, 'integers', ['pool', count]),
        nodeProgram(STREAM, 'integers/forkfold', [count, 'stream']),
        nodeProgram(REDUCE, 'integers/forkfold', [count, 'reduce']),
        ...onNodePools('integers/by-hand', [count]),
        ...onJoblibAndDask(options.python, 'integers', [count]),
      ],
    };
  },
};
