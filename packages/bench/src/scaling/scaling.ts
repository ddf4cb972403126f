import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.js';
import { compare, medianOf, type Comparison } from '../measure/compare.js';
import { measuredWhen, writeGuidePicture, writeGuideSection } from '../measure/guide-section.js';
import { nodeProgram, type Program } from '../measure/program.js';
import { printTable, tableOf } from '../measure/table.js';
import { questions } from '../questions/index.js';
import { CSV, CSV_ONE } from '../questions/measurements.js';
import { LOOP, ONE, TWO } from '../questions/question.js';
import { forecast, partsOf, timesAs, undisturbed, type Parts, type Sample } from './model.js';
import { plotScaling, type Point } from './plot.js';

interface Work {
  readonly question: string;
  /** Its programs with one process and with two. */
  readonly programs?: readonly [one: string, two: string];
}

/** The work that is done from files or from nothing, by programs that take a number of processes. */
const works: Readonly<Record<string, Work>> = {
  '1brc': { question: '1brc' },
  '1brc, csv': { question: '1brc', programs: [CSV_ONE, CSV] },
  'word-count': { question: 'word-count' },
  'json-lines': { question: 'json-lines' },
  'wide-csv': { question: 'wide-csv' },
  flights: { question: 'flights' },
  distinct: { question: 'distinct' },
  join: { question: 'join' },
  sort: { question: 'sort' },
  factorial: { question: 'factorial' },
  'factorial-list': { question: 'factorial-list' },
  range: { question: 'range' },
  'many-files': { question: 'many-files' },
  'small-files': { question: 'small-files' },
};
const MEASURED = [0, 1, 2, 3, 4];
/** What the parts are taken from; the other numbers of processes only check them. */
const FITTED = [1, 2];
const FORECAST = [1, 2, 4, 8, 16, 32, 64, 128];
/** How much larger an input is beside which a start hardly counts. */
const LARGER = 100;
/** Tasks of folds are cut to 50 ms; that of a keyed verb reads 4 MiB, which takes about as long. */
const TAIL = 0.05;

/** What was found of a work. */
interface Scaled {
  readonly work: string;
  /** Seconds of a plain loop. */
  readonly loop: number;
  readonly parts: Parts;
  readonly samples: readonly Sample[];
}

/**
 * How runs scale beyond this machine: takes their parts from runs with one and two processes, forecasts the others, says how
 * far the forecasts are from runs with 0 to 4, and draws what they are for up to 128 cores.
 */
export async function scaling(options: BenchOptions): Promise<void> {
  const rounds = options.rounds ?? (options.short ? 1 : 3);
  const empty = MEASURED.map((n) => nodeProgram(`${n}`, 'empty/forkfold', [n]));
  // The empty run is the little that all differences are taken from.
  const empties = samplesOf(await compare(empty, options.short ? 1 : Math.max(rounds, 7), ''));
  const found: Scaled[] = [];
  for (const [work, { question, programs: names = [ONE, TWO] }] of Object.entries(works)) {
    if (options.only.length > 0 && !options.only.includes(work)) continue;
    const { programs, expected } = questions[question]!.ask(options);
    const [loop, one, two] = [LOOP, ...names].map((name) => programs.find((each) => each.name === name)!);
    const numbered = MEASURED.map((n) => withProcesses(one!, two!, n));
    const [base, ...own] = await compare([loop!, ...numbered], rounds, expected);
    const samples = samplesOf(own);
    const fitted = samples.filter(({ processes }) => FITTED.includes(processes));
    const seconds = undisturbed(medianOf(base!, 'wall'), medianOf(base!, 'cpu'));
    found.push({ work, loop: seconds, parts: partsOf(fitted, empties, TAIL), samples });
  }
  printParts(found, partsOf([], empties, TAIL));
  const svg = plotScaling({
    forecasts: found.flatMap((each) => pointsOf(each)),
    larger: found.flatMap((each) => pointsOf(each, LARGER)),
    measured: found.flatMap(dotsOf),
  });
  const path = join(options.cache.directory, 'scaling.svg');
  writeFileSync(path, svg);
  console.log(`\n${path}`);
  if (!options.writeDocs) return;
  writeGuidePicture('scaling.svg', svg);
  const input = options.scale === 1 ? '' : `, the inputs of the bench x ${options.scale}`;
  const caption = `${measuredWhen(rounds)}${input}.`;
  writeGuideSection('performance.md', 'scaling', `${caption}\n\n${forecastTable(found, FORECAST.slice(2))}`);
}

/** The program with another number of processes: its arguments are those in which one and two differ. */
function withProcesses(one: Program, two: Program, processes: number): Program {
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

function pointsOf({ work, parts, loop }: Scaled, factor = 1): Point[] {
  return FORECAST.map((cores) => {
    const { best, worst } = forecast(timesAs(parts, factor), cores, cores);
    return { work, cores, least: (factor * loop) / worst, most: (factor * loop) / best };
  });
}

function dotsOf({ work, loop, samples }: Scaled): Point[] {
  return samples
    .filter(({ processes }) => processes > 0 && processes <= availableParallelism())
    .map(({ processes, wall }) => ({ work, cores: processes, least: loop / wall, most: loop / wall }));
}

function printParts(found: readonly Scaled[], { start, fork }: Parts): void {
  const cores = availableParallelism();
  const each = (fork * 1000).toFixed(0);
  console.log(
    `\nWhat runs are made of, in CPU seconds; a start takes ${start.toFixed(2)} s and each child ${each} ms of the parent\n`,
  );
  printTable(
    ['work', 'plain loop', 'parent', 'children', 'parent’s share %'],
    found.map(({ work, loop, parts: { parent, children } }) => [
      work,
      ...[loop, parent, children].map((seconds) => seconds.toFixed(2)),
      ((100 * parent) / (parent + children)).toFixed(1),
    ]),
  );
  console.log(`\nMeasured seconds with 0 to 4 processes on ${cores} cores, and the forecast\n`);
  printTable(
    ['work', ...MEASURED.map((n) => `${n}`)],
    found.map(({ work, parts, samples }) => [
      work,
      ...samples.map((sample) => checked(parts, sample, cores)),
    ]),
  );
  console.log('\nForecast: times as fast as a plain loop, at worst and at best, with one process a core\n');
  console.log(forecastTable(found, FORECAST));
}

function checked(parts: Parts, { processes, wall }: Sample, cores: number): string {
  const { best, worst } = forecast(parts, processes, cores);
  return `${wall.toFixed(2)} (${best.toFixed(2)} to ${worst.toFixed(2)})`;
}

function forecastTable(found: readonly Scaled[], numbers: readonly number[]): string {
  const most = numbers.at(-1)!;
  const times = (parts: Parts, loop: number, cores: number): string => {
    const { best, worst } = forecast(parts, cores, cores);
    return `${(loop / worst).toFixed(1)} to ${(loop / best).toFixed(1)}`;
  };
  return tableOf(
    ['work', 'parent %', ...numbers.map((n) => `${n} cores`), `${most}, input x ${LARGER}`],
    found.map(({ work, loop, parts }) => [
      `\`${work}\``,
      ((100 * parts.parent) / (parts.parent + parts.children)).toFixed(1),
      ...numbers.map((cores) => times(parts, loop, cores)),
      times(timesAs(parts, LARGER), LARGER * loop, most),
    ]),
  );
}
