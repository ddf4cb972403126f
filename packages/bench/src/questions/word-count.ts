import { writeText } from '../inputs/words.js';
import { nodeProgram } from '../measure/program.js';
import { halves } from './halves.js';
import { LIMIT, LOOP, ONE, POOL, scaled, TWO, type Question } from './question.js';

/** Counting words, half a million of them different: tables that hardly shrink what they combine. */
export const wordCount: Question = {
  ask(options) {
    const bytes = scaled(76_000_000, options);
    const { path, facts } = options.cache.input(`words-1-${bytes}.txt`, (file) =>
      writeText(file, bytes, 545_000),
    );
    return {
      title: `The words of ${bytes / 1e6} MB of text, counted`,
      expected: facts.verdict,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'word-count/loop', [path]),
        halves(LIMIT, 'word-count/loop', path, facts.words),
        nodeProgram(ONE, 'word-count/forkfold', [path, 1]),
        nodeProgram(TWO, 'word-count/forkfold', [path, 2]),
        nodeProgram('workerpool, 2 processes', 'word-count/workerpool', [path, 2]),
        nodeProgram('Tinypool, 2 processes', 'word-count/tinypool', [path, 2]),
        nodeProgram('Piscina, 2 threads', 'word-count/piscina', [path, 2]),
        nodeProgram('poolifier, 2 threads', 'word-count/poolifier', [path, 2]),
        ...options.python.programs('Python, one plain loop', 'word_count', [path, 1, 'loop']),
        ...options.python.programs(POOL, 'word_count', [path, 2, 'pool']),
        ...options.python.programs('joblib, 2 processes', 'word_count', [path, 2, 'joblib'], 'joblib'),
        ...options.python.programs('dask.bag, 2 processes', 'word_count', [path, 2, 'dask'], 'dask.bag'),
      ],
    };
  },
};
