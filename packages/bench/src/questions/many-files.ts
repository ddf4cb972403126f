import { join } from 'node:path';
import { writeTinyFiles } from '../inputs/tiny-files.js';
import { nodeProgram } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** A glob that matches very many files with next to nothing in them. */
export const manyFiles: Question = {
  ask(options) {
    const files = scaled(200_000, options);
    const { path, facts } = options.cache.input(`tiny-files-1-${files}`, (directory) =>
      writeTinyFiles(directory, files),
    );
    const glob = join(path, '**', '*.txt');
    return {
      title: `The lines of ${files} files of 4 bytes in 200 folders, added up`,
      expected: facts,
      records: files,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'many-files/loop', [path]),
        nodeProgram(ONE, 'many-files/forkfold', [glob, 1]),
        nodeProgram(TWO, 'many-files/forkfold', [glob, 2]),
        ...onNodePools('many-files/by-hand', [path]),
        ...onPythonPools(options.python, 'many_files', [path]),
      ],
    };
  },
};
