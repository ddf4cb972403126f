import type { BenchOptions } from './bench-options.js';
import { compare, medianOf, type Comparison } from './measure/compare.js';
import { nodeProgram } from './measure/program.js';
import { printTable } from './measure/table.js';

const pools = [
  { name: 'forkfold, processes', file: 'overhead/forkfold' },
  { name: 'workerpool, processes', file: 'overhead/workerpool' },
  { name: 'tinypool, processes', file: 'overhead/tinypool' },
  { name: 'piscina, threads', file: 'overhead/piscina' },
];

/** What is paid before any work: an import, the start of a child, a chunk. */
export async function overhead({ short, rounds: given, python }: BenchOptions): Promise<void> {
  const rounds = short ? 2 : (given ?? 15);
  const imported = ['nothing', '@forkfold/core', 'workerpool', 'tinypool', 'piscina'];
  const imports = imported.map((name) => nodeProgram(name, 'overhead/import', [name]));
  print('A program that imports', 'ms', 1e3, await compare(imports, rounds), 1);

  const boots = pools.map(({ name, file }) => nodeProgram(name, file, ['boot', 1]));
  boots.unshift(nodeProgram('node:child_process.fork', 'overhead/fork'));
  print('From making a pool of one to the first answer', 'ms', 1e3, await compare(boots, rounds), 1);

  const tasks = short ? 500 : 10_000;
  const noOps = pools.map(({ name, file }) => nodeProgram(name, file, ['tasks', tasks]));
  noOps.push(...python.programs('multiprocessing.Pool.imap', 'overhead', [tasks]));
  print(
    `A task that does nothing, of ${tasks} on two warm children`,
    'µs',
    1e6,
    await compare(noOps, rounds),
    tasks,
  );
}

function print(
  title: string,
  unit: string,
  scale: number,
  comparisons: readonly Comparison[],
  tasks: number,
): void {
  console.log(`\n${title}: medians of ${comparisons[0]!.runs.length} rounds\n`);
  const show = (seconds: number): string => ((seconds * scale) / tasks).toFixed(0);
  printTable(
    ['', unit, `least ${unit}`, `CPU ${unit}`],
    comparisons.map((comparison) => [
      comparison.name,
      show(medianOf(comparison, 'seconds')),
      show(Math.min(...comparison.runs.map(({ seconds }) => seconds))),
      show(medianOf(comparison, 'cpu')),
    ]),
  );
}
