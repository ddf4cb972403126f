import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.js';
import { nodeProgram } from './measure/program.js';
import { runProgram } from './measure/run-program.js';
import { printTable } from './measure/table.js';

const verbs = ['reduceByKey', 'sortBy'];
const MILLIONS = [1, 2, 4, 8, 16];

/** How the cost of keyed verbs grows with their input: the programs of `bounds`, twice as large each time. */
export async function growth({ short, only }: BenchOptions): Promise<void> {
  for (const verb of verbs) {
    if (only.length > 0 && !only.includes(verb)) continue;
    const rows: (string | number)[][] = [];
    for (const millions of MILLIONS) {
      const records = (short ? millions / 50 : millions) * 1e6;
      const { seconds, cpu, parentMemory, childMemory, disk, result } = await measure(verb, records);
      if (result !== 'right') process.exitCode = 1;
      rows.push([
        records / 1e6,
        seconds.toFixed(1),
        cpu.toFixed(1),
        ((cpu / records) * 1e6).toFixed(2),
        parentMemory.toFixed(0),
        childMemory.toFixed(0),
        disk.toFixed(0),
        result,
      ]);
    }
    console.log(`\n${verb}, two processes, memoryLimit: 192\n`);
    printTable(
      ['million records', 's', 'CPU s', 'CPU µs a record', 'MB', 'MB of a child', 'MB of disk', 'result'],
      rows,
    );
  }
}

async function measure(verb: string, records: number): ReturnType<typeof runProgram> {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-bench-'));
  try {
    return await runProgram(nodeProgram(verb, 'bounds', [verb, records, directory]), directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
