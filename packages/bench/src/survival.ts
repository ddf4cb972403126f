import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.js';
import { nodeProgram, type Program } from './measure/program.js';
import type { Python } from './measure/python.js';
import { printTable } from './measure/table.js';

/** A program that has said nothing for so many milliseconds hangs. */
const PATIENCE = 15_000;

/** What becomes of 64 tasks in two processes, one of which is killed once by SIGKILL. */
export async function survival({ only, python }: BenchOptions): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-bench-'));
  try {
    const rows: string[][] = [];
    for (const program of programsIn(directory, python)) {
      if (only.length > 0 && !only.includes(program.name)) continue;
      rows.push([program.name, await outcomeOf(program)]);
    }
    printTable(['64 tasks, one child killed', 'what the user gets'], rows);
    if (rows.some(([name, outcome]) => name === 'forkfold' && outcome !== 'right result'))
      process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Each has a marker of its own: the child that makes it dies. */
function programsIn(directory: string, python: Python): Program[] {
  const node = (name: string): Program => nodeProgram(name, `survival/${name}`, [join(directory, name)]);
  return [
    ...['forkfold', 'workerpool', 'tinypool', 'piscina'].map(node),
    ...python.programs('multiprocessing.Pool', 'survival', [join(directory, 'pool'), 'pool']),
    ...python.programs('joblib', 'survival', [join(directory, 'joblib'), 'joblib'], 'joblib'),
    ...python.programs('dask.bag', 'survival', [join(directory, 'dask'), 'dask'], 'dask.bag'),
  ];
}

/** What a program says, or how it ends without a word. */
async function outcomeOf({ command, args }: Program): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let hangs = false as boolean;
  const timer = setTimeout(() => {
    hangs = true;
    child.kill('SIGKILL');
  }, PATIENCE);
  const how = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `killed by ${signal}`),
    );
  });
  clearTimeout(timer);
  endGroup(child.pid);
  if (hangs) return `nothing: it hangs (ended after ${PATIENCE / 1000} s)`;
  return output === '' ? `nothing: the program itself ends, ${how}` : output.trim();
}

/** Children of a pool that was killed. */
function endGroup(pid: number | undefined): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // None is left; or the system knows no groups.
  }
}
