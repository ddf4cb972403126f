import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.js';
import { compare, medianOf, type Figure } from './measure/compare.js';
import { measuredWhen, writeGuideSection } from './measure/guide-section.js';
import { nodeProgram, type Program } from './measure/program.js';
import { tableOf } from './measure/table.js';
import { scaled } from './questions/question.js';

/** What is measured for a line of the guide, and how the line says it; a figure that cannot be had is undefined. */
interface Line {
  readonly what: string;
  readonly programs: readonly (Program | undefined)[];
  /** @default seconds */
  readonly figure?: Figure;
  say(...figures: (number | undefined)[]): string;
}

/** What things cost, as docs/performance.md tells it. */
export async function guide(options: BenchOptions): Promise<void> {
  const rounds = options.short ? 1 : (options.rounds ?? 5);
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-bench-'));
  try {
    const rows: string[][] = [];
    for (const line of linesOf(options, directory)) {
      const figures: (number | undefined)[] = [];
      for (const program of line.programs) {
        const [found] = program === undefined ? [] : await compare([program], rounds);
        figures.push(found && medianOf(found, line.figure ?? 'seconds'));
      }
      rows.push([line.what, line.say(...figures)]);
    }
    const table = tableOf(['what', 'cost'], rows, 'left');
    console.log(`\n${table}`);
    const caption = `${measuredWhen(rounds)}.`;
    if (options.writeDocs) writeGuideSection('performance.md', 'costs', `${caption}\n\n${table}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function linesOf(options: BenchOptions, directory: string): Line[] {
  return [...startsAndCalls(options), ...work(options, directory)];
}

function startsAndCalls(options: BenchOptions): Line[] {
  const tasks = scaled(10_000, options);
  const [poolOfPython] = options.python.programs('', 'many_runs', ['pool']);
  return [
    {
      what: 'to import `@forkfold/core`',
      programs: ['@forkfold/core', 'nothing'].map((name) => nodeProgram('', 'overhead/import', [name])),
      say: (own, nothing) => milliseconds(own! - nothing!),
    },
    {
      what: 'from a new pool to the first answer of its first child',
      programs: [nodeProgram('', 'overhead/forkfold', ['boot', 1]), nodeProgram('', 'overhead/fork')],
      say: (own, fork) => `${milliseconds(own)}; of a bare \`fork\` ${milliseconds(fork)}`,
    },
    {
      what: '`parallelMap` of one record on a warm pool',
      programs: [
        nodeProgram('', 'many-runs/forkfold', ['record']),
        nodeProgram('', 'many-runs/rivals', ['workerpool']),
        poolOfPython,
      ],
      say: (own, workerpool, python) =>
        `${milliseconds(own)}; a call of workerpool ${milliseconds(workerpool)}` +
        (python === undefined ? '' : `, of Python's Pool ${milliseconds(python)}`),
    },
    {
      what: 'a keyed run of 100 words on a warm pool',
      programs: [nodeProgram('', 'many-runs/forkfold', ['keyed'])],
      say: milliseconds,
    },
    {
      what: 'an empty chunk of a fold on two warm children',
      programs: ['forkfold', 'workerpool'].map((pool) =>
        nodeProgram('', `overhead/${pool}`, ['tasks', tasks]),
      ),
      say: (own, workerpool) =>
        `${microseconds(own, tasks)}: a task covers many of them; a task of workerpool ${microseconds(workerpool, tasks)}`,
    },
  ];
}

function work(options: BenchOptions, directory: string): Line[] {
  const numbers = scaled(1_000_000, options);
  const records = scaled(4_000_000, options);
  return [
    {
      what: 'to move a MB to a child and back',
      programs: [nodeProgram('', 'guide', ['megabytes'])],
      say: (seconds) => milliseconds(seconds! / 200),
    },
    {
      what: 'a million numbers to a child, counted; a million `{ x }`; its start included',
      programs: ['numbers', 'objects'].map((what) => nodeProgram('', 'guide', [what])),
      figure: 'cpu',
      say: (plain, objects) => `${seconds(plain)} of CPU; ${seconds(objects)}`,
    },
    {
      what: `${numbers.toLocaleString('en')} factorials of numbers up to 99, summed`,
      programs: [
        nodeProgram('', 'factorial/loop', [numbers]),
        nodeProgram('', 'factorial/forkfold', [numbers, 1]),
        nodeProgram('', 'factorial/forkfold', [numbers, 2]),
      ],
      say: (loop, one, two) =>
        `${seconds(loop)} in a plain loop; with one child ${seconds(one)}, with two ${seconds(two)}, their start included`,
    },
    ...['reduceByKey', 'sortBy'].map((verb): Line => ({
      what: `a record of \`${verb}\`, of ${records.toLocaleString('en')}: ${verb === 'sortBy' ? 'strings' : 'half as many keys'}`,
      programs: [{ ...nodeProgram('', 'bounds', [verb, records, directory]), finds: 'right' }],
      figure: 'cpu',
      say: (cpu) => `${microseconds(cpu, records)} of CPU`,
    })),
    {
      what: '100,000!',
      programs: ['balanced', 'one by one'].map((how) => nodeProgram('', 'guide', [how])),
      figure: 'cpu',
      say: (balanced, oneByOne) =>
        `${seconds(balanced)} of CPU by \`reduce\` with \`processes: 0\`; ${seconds(oneByOne)} multiplied one by one`,
    },
  ];
}

function seconds(value = NaN): string {
  return `${value.toFixed(1)} s`;
}

function milliseconds(value = NaN): string {
  return `${Number((1e3 * value).toPrecision(2))} ms`;
}

function microseconds(value = NaN, count = 1): string {
  return `${Number(((1e6 * value) / count).toPrecision(2))} µs`;
}
