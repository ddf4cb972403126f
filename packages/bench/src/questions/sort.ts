import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeSortableLines } from '../inputs/sortable-lines.js';
import { nodeProgram, type Program } from '../measure/program.js';
import { LOOP, ONE, scaled, TWO, type Question } from './question.js';

export const GNU_SORT = 'LC_ALL=C sort --parallel=2';

/** From a file of lines to files of the same lines, sorted. */
export const sort: Question = {
  ask(options) {
    const lines = scaled(5_000_000, options);
    const { path, facts } = options.cache.input(`sortable-lines-1-${lines}.txt`, (file) =>
      writeSortableLines(file, lines),
    );
    const output = options.cache.output('sorted');
    const result = (): string => digestOf(output);
    const gnuSort: Program = {
      name: GNU_SORT,
      command: 'sort',
      args: ['--parallel=2', `--output=${output}`, path],
      env: { LC_ALL: 'C' },
      result,
    };
    const hasGnuSort = spawnSync('sort', ['--parallel=2', '--version'], { stdio: 'ignore' }).status === 0;
    if (!hasGnuSort) console.error('GNU sort is not here: it is left out');
    return {
      title: `${lines} lines, sorted to files`,
      expected: facts,
      records: lines,
      time: 'wall',
      programs: [
        ...(hasGnuSort ? [gnuSort] : []),
        { ...nodeProgram(LOOP, 'sort/loop', [path, output]), result },
        { ...nodeProgram(ONE, 'sort/forkfold', [path, output, 1]), result },
        { ...nodeProgram(TWO, 'sort/forkfold', [path, output, 2]), result },
      ],
    };
  },
};

/** The digest of a file, or of the parts in a directory one after the other. It is removed. */
function digestOf(output: string): string {
  const digest = createHash('sha256');
  const isDirectory = statSync(output).isDirectory();
  const parts = isDirectory ? readdirSync(output).filter((name) => name.startsWith('part-')) : [''];
  for (const part of parts.sort()) digest.update(readFileSync(join(output, part)));
  rmSync(output, { recursive: true });
  return digest.digest('hex');
}
