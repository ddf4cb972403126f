import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.js';
import { compare, medianOf, type Comparison } from '../measure/compare.js';
import { nodeProgram, type Program } from '../measure/program.js';
import { printTable } from '../measure/table.js';
import { questions } from '../questions/index.js';
import { LOOP, ONE, TWO } from '../questions/question.js';
import { forecast, partsOf, type Parts, type Sample } from './model.js';
import { plotScaling, type Point } from './plot.js';

/** The questions whose work is done from files or from nothing, by programs that take a number of processes. */
const works = [
  '1brc',
  'word-count',
  'json-lines',
  'distinct',
  'join',
  'sort',
  'factorial',
  'range',
  'small-files',
];
const MEASURED = [0, 1, 2, 3, 4];
/** What the parts are taken from; the other numbers of processes only check them. */
const FITTED = [1, 2];
const FORECAST = [1, 2, 4, 8, 16, 32, 64, 128];
/** Tasks of folds are cut to 50 ms; that of a keyed verb reads 4 MiB, which takes about as long. */
const TAIL = 0.05;

/**
 * How runs scale beyond this machine: takes their parts from runs with one and two processes, forecasts the others, says how
 * far the forecasts are from runs with 0 to 4, and draws what they are for up to 128 cores.
 */
export async function scaling(options: BenchOptions): Promise<void> {
  const rounds = options.rounds ?? (options.short ? 1 : 3);
  const cores = availableParallelism();
  const empties = samplesOf(await compare(MEASURED.map((n) => nodeProgram(`${n}`, 'empty/forkfold', [n])), rounds, ''));
  const points: Point[] = [];
  const dots: Point[] = [];
  const partRows: string[][] = [];
  const checkRows: string[][] = [];
  for (const work of works.filter((name) => options.only.length === 0 || options.only.includes(name))) {
    const { programs, expected } = questions[work]!.ask(options);
    const loop = programs.find(({ name }) => name === LOOP)!;
    const runs = await compare([loop, ...MEASURED.map((n) => withProcesses(programs, n))], rounds, expected);
    const [base, ...own] = runs;
    const samples = samplesOf(own);
    const parts = partsOf(samples.filter(({ processes }) => FITTED.includes(processes)), empties, TAIL);
    const alone = medianOf(base!, 'wall');
    partRows.push([work, ...inSeconds([alone, parts.parent, parts.children]), share(parts)]);
    checkRows.push([work, ...samples.map((sample) => checked(parts, sample, cores))]);
    for (const n of FORECAST) points.push(pointOf(work, parts, n, alone));
    for (const { processes, wall } of samples) {
      if (processes > 0 && processes <= cores) dots.push({ work, cores: processes, least: alone / wall, most: alone / wall });
    }
  }
  const { start, fork } = partsOf([], empties, TAIL);
  console.log(`\nWhat runs are made of, in CPU seconds; a start takes ${start.toFixed(2)} s and each child ${(fork * 1000).toFixed(0)} ms of the parent\n`);
  printTable(['work', 'plain loop', 'parent', 'children', 'parent’s share %'], partRows);
  console.log(`\nMeasured seconds with 0 to 4 processes on ${cores} cores, and the forecast\n`);
  printTable(['work', ...MEASURED.map((n) => `${n}`)], checkRows);
  console.log('\nForecast: times as fast as a plain loop, at worst and at best, with one process a core\n');
  printTable(['work', ...FORECAST.map((n) => `${n} cores`)], forecastRows(points));
  const path = join(options.cache.directory, 'scaling.svg');
  writeFileSync(path, plotScaling(points, dots));
  console.log(`\n${path}`);
} // prettier-ignore

/** The program of a question with another number of processes: its arguments are those in which one and two differ. */
function withProcesses(programs: readonly Program[], processes: number): Program {
  const one = programs.find(({ name }) => name === ONE) ?? programs.find(({ name }) => name === TWO)!;
  const two = programs.find(({ name }) => name === TWO)!;
  const args = two.args.map((arg, i) => (arg !== one.args[i] ? `${processes}` : arg));
  return { ...two, name: `${processes}`, args };
}

function samplesOf(comparisons: readonly Comparison[]): Sample[] {
  return comparisons.map((comparison) => {
    const own = medianOf(comparison, 'ownCpu');
    const children = Math.max(0, medianOf(comparison, 'cpu') - own);
    return { processes: Number(comparison.name), wall: medianOf(comparison, 'wall'), own, children };
  });
}

function pointOf(work: string, parts: Parts, cores: number, alone: number): Point {
  const { best, worst } = forecast(parts, cores, cores);
  return { work, cores, least: alone / worst, most: alone / best };
}

function checked(parts: Parts, { processes, wall }: Sample, cores: number): string {
  const { best, worst } = forecast(parts, processes, cores);
  return `${wall.toFixed(2)} (${best.toFixed(2)} to ${worst.toFixed(2)})`;
}

function forecastRows(points: readonly Point[]): string[][] {
  return [...new Set(points.map(({ work }) => work))].map((work) => [
    work,
    ...points
      .filter((point) => point.work === work)
      .map(({ least, most }) => `${least.toFixed(1)} to ${most.toFixed(1)}`),
  ]);
}

function share({ parent, children }: Parts): string {
  return ((100 * parent) / (parent + children)).toFixed(1);
}

function inSeconds(seconds: readonly number[]): string[] {
  return seconds.map((one) => one.toFixed(2));
}
