import { spawn } from 'node:child_process';
import type { Program, Report } from './program.js';
import { directorySize } from './directory-size.js';
import { processTree } from './process-tree.js';

export interface Measured extends Report {
  /** CPU seconds of the program and all its children, start and end included. */
  readonly cpu: number;
  /** Peak resident memory of the program itself, in MB. */
  readonly parentMemory: number;
  /** Peak resident memory of its largest child, in MB; 0 if it had none. */
  readonly childMemory: number;
  /** The most that `directory` held, in MB. */
  readonly disk: number;
}

/** Milliseconds between two looks at memory and disk. */
const INTERVAL = 50;

/** Runs a program to its end and measures it. @throws if it fails */
export async function runProgram(program: Program, directory?: string): Promise<Measured> {
  const tree = processTree();
  const child = spawn(program.command, program.args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...tree.env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${program.name} ended with ${signal ?? `exit code ${code}`}\n${output}`));
    });
  });
  let disk = 0;
  const look = (): void => {
    if (child.pid !== undefined) tree.look(child.pid);
    if (directory !== undefined) disk = Math.max(disk, directorySize(directory));
  };
  look();
  const timer = setInterval(look, INTERVAL);
  try {
    await ended;
  } finally {
    clearInterval(timer);
  }
  const { seconds, result } = JSON.parse(output.trim().split('\n').at(-1)!) as Report;
  return { seconds, result, disk: disk / 2 ** 20, ...tree.end(child.pid!) };
}
