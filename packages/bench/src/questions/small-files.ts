import { join } from 'node:path';
import { writeSmallTexts } from '../inputs/words.js';
import { nodeProgram } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { halves } from './halves.js';
import { LIMIT, LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** Counting the words of many small files: opening them is most of the work. */
export const smallFiles: Question = {
  ask(options) {
    const files = scaled(20_000, options);
    const { path, facts } = options.cache.input(`small-files-1-${files}`, (directory) =>
      writeSmallTexts(directory, files, 20_000),
    );
    const glob = join(path, '**', '*.txt');
    return {
      title: `The words of ${files} files of 4 KB, counted`,
      expected: facts.verdict,
      records: facts.words,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'word-count/loop-of-files', [path]),
        halves(LIMIT, 'word-count/loop-of-files', path, facts.words),
        nodeProgram(ONE, 'word-count/forkfold', [glob, 1]),
        nodeProgram(TWO, 'word-count/forkfold', [glob, 2]),
        ...onNodePools('word-count/files-by-hand', [path]),
        ...onPythonPools(options.python, 'word_count', [path]),
      ],
    };
  },
};
