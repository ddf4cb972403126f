import type { BenchOptions } from './bench-options.js';
import { medianOf, ratioOf, type Comparison } from './measure/compare.js';
import { savedResult, type Result } from './measure/results.js';
import { printTable } from './measure/table.js';
import { questions } from './questions/index.js';
import { LIMIT, LOOP } from './questions/question.js';

/** Prints what was measured last in one table, as a README has it: forkfold with two processes, beside each rival. */
export function printSummary({ cache, short }: BenchOptions): void {
  const rows: string[][] = [];
  for (const name of Object.keys(questions)) {
    const result = savedResult(cache, name, short);
    const own = result?.comparisons.find((program) => /^forkfold.*, 2 processes$/.test(program.name));
    if (result === undefined || own === undefined) continue;
    const besides = (isWanted: (program: string) => boolean): string =>
      result.comparisons
        .filter((program) => !program.name.startsWith('forkfold') && isWanted(program.name))
        .map((rival) => beside(own, rival, result))
        .join('; ');
    const [parent, child] = [medianOf(own, 'parentMemory'), medianOf(own, 'childMemory')];
    rows.push([
      result.title,
      inUnits(medianOf(own, result.time)) + withCpu(inUnits(medianOf(own, 'cpu')), result),
      `${parent.toFixed(0)} + ${child.toFixed(0)}`,
      besides((program) => program === LOOP),
      besides((program) => program === LIMIT),
      besides((program) => program.includes('Python')),
      besides((program) => ![LOOP, LIMIT].includes(program) && !program.includes('Python')),
    ]);
  }
  console.log(
    '\nTime, and CPU in brackets, of forkfold with two processes; then its ratios to those of others\n',
  );
  printTable(['work', 'forkfold', 'MB, parent + child', LOOP, LIMIT, 'Python', 'others'], rows);
}

function beside(own: Comparison, rival: Comparison, result: Result): string {
  const time = ratioOf(own, rival, result.time).toFixed(2);
  const ratios = time + withCpu(ratioOf(own, rival, 'cpu').toFixed(2), result);
  return rival.name === LOOP || rival.name === LIMIT
    ? ratios
    : `${rival.name.replace(/, 2 .*/, '')} ${ratios}`;
}

/** The CPU of a program whose work is done again and again is not that of the run whose time is told. */
function withCpu(cpu: string, { time }: Result): string {
  return time === 'wall' ? ` [${cpu}]` : '';
}

function inUnits(seconds: number): string {
  return seconds < 0.1 ? `${(1000 * seconds).toPrecision(2)} ms` : `${seconds.toFixed(2)} s`;
}
