import type { BenchOptions } from './bench-options.js';
import { compare, printComparison, ratioOf } from './measure/compare.js';
import { hasModule, hasPython, nodeProgram, pythonProgram } from './measure/program.js';

const ONE = 'forkfold, 1 process';
const TWO = 'forkfold, 2 processes';
/** The most that a run may take of the plain loop's time, the start of its children included. */
const TARGETS = { [ONE]: 1.15, [TWO]: 1 / 1.6 };

/** The sum of the factorials of a million random integers in [1, 100). */
export async function factorial({ short, rounds }: BenchOptions): Promise<void> {
  const numbers = short ? 100_000 : 1_000_000;
  const programs = [
    nodeProgram('one plain loop', 'factorial/loop', [numbers]),
    nodeProgram(ONE, 'factorial/forkfold', [numbers, 1]),
    nodeProgram(TWO, 'factorial/forkfold', [numbers, 2]),
    nodeProgram('workerpool, 2 processes', 'factorial/workerpool', [numbers, 2]),
    nodeProgram('tinypool, 2 processes', 'factorial/tinypool', [numbers, 2]),
    nodeProgram('piscina, 2 threads', 'factorial/piscina', [numbers, 2]),
  ];
  if (hasPython()) {
    programs.push(
      pythonProgram('Python, one plain loop', 'factorial', [numbers, 1, 'loop']),
      pythonProgram('Pool.map, 2 processes', 'factorial', [numbers, 2, 'map']),
      pythonProgram('Pool.imap of 64 chunks, 2 processes', 'factorial', [numbers, 2, 'chunks']),
    );
    for (const [name, module, style] of [
      ['joblib', 'joblib', 'joblib'],
      ['dask.bag', 'dask.bag', 'dask'],
    ] as const) {
      if (hasModule(module))
        programs.push(pythonProgram(`${name}, 2 processes`, 'factorial', [numbers, 2, style]));
    }
  } else console.log('python3 is not here: multiprocessing.Pool is left out');

  const comparisons = await compare(programs, short ? 1 : (rounds ?? 5));
  printComparison(`The factorials of ${numbers} integers, summed`, comparisons);
  if (short) return;
  for (const [name, target] of Object.entries(TARGETS)) {
    const found = comparisons.find(({ program }) => program.name === name)!;
    const ratio = ratioOf(found, comparisons[0]!, 'seconds');
    console.log(
      `${ratio <= target ? 'PASS' : 'MISS'} ${name}: ${ratio.toFixed(2)} of the loop's time, at most ${target.toFixed(3)}`,
    );
  }
}
