import { printTable } from './table.js';
import type { Program } from './program.js';
import { runProgram, type Measured } from './run-program.js';

export interface Comparison {
  readonly program: Program;
  readonly runs: readonly Measured[];
  /** Median of the ratios to the baseline's run of the same round. */
  readonly seconds: number;
  readonly cpu: number;
}

/**
 * Runs programs that do the same work in turns (A B C, then B C A, ...), so that a slow minute of the machine meets all
 * of them, and prints medians and their ratios to the first one.
 *
 * @throws if they do not find the same.
 */
export async function compare(
  title: string,
  programs: readonly Program[],
  rounds: number,
): Promise<Comparison[]> {
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
  const comparisons = programs.map((program, i): Comparison => {
    const ratio = (of: (run: Measured) => number): number =>
      median(runs[i]!.map((run, round) => of(run) / of(runs[0]![round]!)));
    return { program, runs: runs[i]!, seconds: ratio((run) => run.seconds), cpu: ratio((run) => run.cpu) };
  });
  print(title, comparisons, rounds);
  return comparisons;
}

function print(title: string, comparisons: readonly Comparison[], rounds: number): void {
  const first = comparisons[0]!.program.name;
  console.log(`\n${title}: medians of ${rounds} rounds, ratios to "${first}" of the same round\n`);
  printTable(
    ['program', 'seconds', 'ratio', 'CPU s', 'CPU ratio', 'MB', 'MB of a child'],
    comparisons.map(({ program, runs, seconds, cpu }) => [
      program.name,
      median(runs.map((run) => run.seconds)).toFixed(2),
      seconds.toFixed(2),
      median(runs.map((run) => run.cpu)).toFixed(2),
      cpu.toFixed(2),
      median(runs.map((run) => run.parentMemory)).toFixed(0),
      median(runs.map((run) => run.childMemory)).toFixed(0),
    ]),
  );
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
