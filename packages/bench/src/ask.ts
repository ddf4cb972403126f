import type { BenchOptions } from './bench-options.js';
import { compare, medianOf, ratioOf, type Comparison } from './measure/compare.js';
import { saveResult, type Result } from './measure/results.js';
import { printTable } from './measure/table.js';
import type { Question } from './questions/question.js';

/** Asks a question, prints the answer and keeps it. */
export async function ask(name: string, question: Question, options: BenchOptions): Promise<void> {
  const { short, scale, only, cache } = options;
  const { title, expected, programs, time, rounds = 3 } = question.ask(options);
  const chosen = programs.filter(
    (program) => only.length === 0 || only.some((text) => program.name.includes(text)),
  );
  const comparisons = await compare(chosen, short ? 1 : (options.rounds ?? rounds), expected);
  printResult({ title, time, comparisons });
  // A part of the programs is no answer to keep.
  if (only.length > 0) return;
  console.log(`\n${saveResult(cache, { question: name, title, short, scale, time, comparisons })}`);
}

/** Prints medians, and the medians of the ratios to the first program's run of the same round. */
export function printResult({
  title,
  time,
  comparisons,
}: Pick<Result, 'title' | 'time' | 'comparisons'>): void {
  const [base] = comparisons;
  if (base === undefined) return;
  const rounds = base.runs.length;
  const median = rounds === 1 ? 'one round' : `medians of ${rounds} rounds`;
  const what =
    time === 'wall' ? 'whole programs' : 'one run where all is warm (CPU and memory: of the whole program)';
  console.log(`\n${title}: ${what}, ${median}, ratios to "${base.name}" of the same round\n`);
  printTable(
    [
      'program',
      's',
      'least s',
      'ratio',
      'CPU s',
      'CPU ratio',
      'parent % of CPU',
      'MB of all',
      'of parent',
      'of child',
    ],
    comparisons.map((comparison) => [
      comparison.name,
      inSeconds(medianOf(comparison, time)),
      inSeconds(Math.min(...comparison.runs.map((run) => run[time]))),
      ratioOf(comparison, base, time).toFixed(2),
      inSeconds(medianOf(comparison, 'cpu')),
      ratioOf(comparison, base, 'cpu').toFixed(2),
      hasShare(comparison) ? (100 * medianOf(comparison, 'parentShare')).toFixed(0) : '',
      medianOf(comparison, 'memory').toFixed(0),
      medianOf(comparison, 'parentMemory').toFixed(0),
      medianOf(comparison, 'childMemory').toFixed(0),
    ]),
  );
}

/** A program without children has all of it; one that does not tell of itself has none that is known. */
function hasShare(comparison: Comparison): boolean {
  return medianOf(comparison, 'childMemory') > 0 && medianOf(comparison, 'ownCpu') > 0;
}

function inSeconds(seconds: number): string {
  return seconds < 0.1 ? seconds.toFixed(5) : seconds.toFixed(2);
}
