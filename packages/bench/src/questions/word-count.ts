import { writeText } from '../inputs/words.js';
import { nodeProgram } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { halves } from './halves.js';
import { LIMIT, LOOP, ONE, scaled, TWO, type Question } from './question.js';

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
      records: facts.words,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'word-count/loop', [path]),
        halves(LIMIT, 'word-count/loop', path, facts.words),
        nodeProgram(ONE, 'word-count/forkfold', [path, 1]),
        nodeProgram(TWO, 'word-count/forkfold', [path, 2]),
        ...onNodePools('word-count/by-hand', [path]),
        ...options.python.programs('Python, one plain loop', 'word_count', ['loop', path]),
        ...onPythonPools(options.python, 'word_count', [path]),
      ],
    };
  },
};
