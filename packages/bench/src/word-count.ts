import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.js';
import { compare, printComparison, ratioOf } from './measure/compare.js';
import { hasModule, hasPython, nodeProgram, pythonProgram } from './measure/program.js';
import { writeCorpus } from './programs/word-count/corpus.js';

const BYTES = 76_000_000;
/** The most CPU that forkfold may take, in parts of what the loop takes. */
const TARGET = 1.3;

/** Counting words, half a million of them different: tables that hardly shrink what they combine. */
export async function wordCount({ short, rounds }: BenchOptions): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-bench-'));
  try {
    const path = join(directory, 'text.txt');
    writeCorpus(path, short ? BYTES / 20 : BYTES);
    const programs = [
      nodeProgram('one plain loop', 'word-count/loop', [path]),
      nodeProgram('forkfold, 1 process', 'word-count/forkfold', [path, 1]),
      nodeProgram('forkfold, 2 processes', 'word-count/forkfold', [path, 2]),
      nodeProgram('workerpool, 2 processes', 'word-count/workerpool', [path, 2]),
      nodeProgram('piscina, 2 threads', 'word-count/piscina', [path, 2]),
    ];
    if (hasPython()) {
      programs.push(
        pythonProgram('Python, one plain loop', 'word_count', [path, 1, 'loop']),
        pythonProgram('Pool.starmap, 2 processes', 'word_count', [path, 2, 'pool']),
      );
      if (hasModule('joblib'))
        programs.push(pythonProgram('joblib, 2 processes', 'word_count', [path, 2, 'joblib']));
      if (hasModule('dask.bag'))
        programs.push(pythonProgram('dask.bag, 2 processes', 'word_count', [path, 2, 'dask']));
    } else console.log('python3 is not here: multiprocessing.Pool is left out');

    const comparisons = await compare(programs, short ? 1 : (rounds ?? 5));
    printComparison(`The words of ${short ? BYTES / 20e6 : BYTES / 1e6} MB of text, counted`, comparisons);
    if (short) return;
    for (const found of comparisons.slice(1, 3)) {
      const ratio = ratioOf(found, comparisons[0]!, 'cpu');
      const verdict = ratio <= TARGET ? 'PASS' : 'MISS';
      console.log(
        `${verdict} ${found.program.name}: ${ratio.toFixed(2)} of the loop's CPU, at most ${TARGET}`,
      );
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}
