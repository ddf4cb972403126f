import type { Measured } from './measured.js';
import type { Program } from './program.js';
import { runProgram } from './run-program.js';

/** The runs of a program, one a round. */
export interface Comparison {
  readonly name: string;
  readonly runs: readonly Measured[];
}

/**
 * Runs programs in turns (A B C, then B C A, ...), so that a slow minute of the machine meets all of them.
 *
 * @param expected What they must find; by default what the first one finds.
 * @throws if one finds something else.
 */
export async function compare(
  programs: readonly Program[],
  rounds: number,
  expected?: string,
): Promise<Comparison[]> {
  const runs = programs.map((): Measured[] => []);
  let found = expected;
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < programs.length; turn += 1) {
      const i = (round + turn) % programs.length;
      const program = programs[i]!;
      const measured = await runProgram(program);
      found ??= measured.result;
      const right = program.finds ?? found;
      if (measured.result !== right)
        throw new Error(`${program.name} found ${measured.result}, not ${right}`);
      runs[i]!.push(measured);
    }
  }
  return programs.map(({ name }, i) => ({ name, runs: runs[i]! }));
}

/** What is measured of a run, and `parentShare`: the part of all CPU that the program itself took, not its children. */
export type Figure = Exclude<keyof Measured, 'result'> | 'parentShare';

export function medianOf({ runs }: Comparison, figure: Figure): number {
  return median(runs.map((run) => figureOf(run, figure)));
}

/** The median of the ratios to another program's run of the same round. */
export function ratioOf({ runs }: Comparison, base: Comparison, figure: Figure): number {
  return median(runs.map((run, round) => figureOf(run, figure) / figureOf(base.runs[round]!, figure)));
}

function figureOf(run: Measured, figure: Figure): number {
  return figure === 'parentShare' ? run.ownCpu / run.cpu : run[figure];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
