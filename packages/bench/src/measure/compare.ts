import { printTable } from './table.js';
import type { Program } from './program.js';
import { runProgram, type Measured } from './run-program.js';

export interface Comparison {
  readonly program: Program;
  readonly runs: readonly Measured[];
}

/**
 * Runs programs in turns (A B C, then B C A, ...), so that a slow minute of the machine meets all of them.
 *
 * @throws if they do not find the same.
 */
export async function compare(programs: readonly Program[], rounds: number): Promise<Comparison[]> {
  const runs = programs.map((): Measured[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < programs.length; turn += 1) {
      const i = (round + turn) % programs.length;
      runs[i]!.push(await runProgram(programs[i]!));
    }
  }
  const expected = runs[0]![0]!.result;
  for (const [i, program] of programs.entries()) {
    const wrong = runs[i]!.find(({ result }) => result !== expected);
    if (wrong) throw new Error(`${program.name} found ${wrong.result}, not ${expected}`);
  }
  return programs.map((program, i) => ({ program, runs: runs[i]! }));
}

/** Prints medians, and the medians of the ratios to the first program's run of the same round. */
export function printComparison(title: string, comparisons: readonly Comparison[]): void {
  const [base] = comparisons as [Comparison];
  console.log(
    `\n${title}: medians of ${base.runs.length} rounds, ratios to "${base.program.name}" of the same round\n`,
  );
  printTable(
    ['program', 'seconds', 'ratio', 'CPU s', 'CPU ratio', 'MB', 'MB of a child'],
    comparisons.map((comparison) => [
      comparison.program.name,
      medianOf(comparison, 'seconds').toFixed(2),
      ratioOf(comparison, base, 'seconds').toFixed(2),
      medianOf(comparison, 'cpu').toFixed(2),
      ratioOf(comparison, base, 'cpu').toFixed(2),
      medianOf(comparison, 'parentMemory').toFixed(0),
      medianOf(comparison, 'childMemory').toFixed(0),
    ]),
  );
}

type Figure = 'seconds' | 'cpu' | 'parentMemory' | 'childMemory' | 'disk';

export function medianOf({ runs }: Comparison, figure: Figure): number {
  return median(runs.map((run) => run[figure]));
}

export function ratioOf({ runs }: Comparison, base: Comparison, figure: Figure): number {
  return median(runs.map((run, round) => run[figure] / base.runs[round]![figure]));
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
