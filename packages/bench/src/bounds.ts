import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.js';
import { filesIn } from './measure/directory-size.js';
import { nodeProgram } from './measure/program.js';
import { runProgram } from './measure/run-program.js';
import { printTable } from './measure/table.js';

/** MB that the parent may hold at most, resident. */
const PARENT = 300;

const runs = [
  { verb: 'reduceByKey', what: '12 million distinct keys, each twice', records: 24_000_000 },
  { verb: 'sortBy', what: '6 million strings, streamed', records: 6_000_000 },
  { verb: 'groupByKey', what: '90 % of 10 million records under one key', records: 10_000_000 },
  { verb: 'join', what: '2 million records against 2 million', records: 2_000_000 },
];

/** Keyed data larger than the memory of two children of `memoryLimit: 192`. */
export async function bounds({ short, only }: BenchOptions): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const { verb, what, records } of runs) {
    if (only.length > 0 && !only.includes(verb)) continue;
    const size = short ? records / 50 : records;
    const directory = mkdtempSync(join(tmpdir(), 'forkfold-bench-'));
    try {
      rows.push([
        `${verb}: ${short ? `a fiftieth of ${what}` : what}`,
        ...(await measure(verb, size, directory)),
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
  printTable(['run', 's', 'CPU s', 'MB', 'MB of a child', 'MB of disk', 'files left', 'result', ''], rows);
  if (rows.some((row) => row.at(-1) !== 'PASS')) process.exitCode = 1;
}

async function measure(verb: string, records: number, directory: string): Promise<(string | number)[]> {
  try {
    const program = nodeProgram(verb, 'bounds', [verb, records, directory]);
    const { seconds, cpu, parentMemory, childMemory, disk, result } = await runProgram(program, directory);
    const left = filesIn(directory).length;
    const isGood = result === 'right' && left === 0 && parentMemory < PARENT;
    return [
      seconds.toFixed(1),
      cpu.toFixed(1),
      parentMemory.toFixed(0),
      childMemory.toFixed(0),
      disk.toFixed(0),
      left,
      result,
      isGood ? 'PASS' : 'FAIL',
    ];
  } catch (error) {
    console.error(String(error));
    return ['', '', '', '', '', filesIn(directory).length, 'failed', 'FAIL'];
  }
}
