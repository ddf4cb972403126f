import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program to measure, run as a process of its own. Its last line of output is a `Report` as JSON. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What a measured program says of itself. */
export interface Report {
  /** Seconds of the work, without the start of the program and the making of its input. */
  readonly seconds: number;
  /** What the work found; programs that do the same work must find the same. */
  readonly result: string;
}

/** A compiled program of `src/programs`. */
export function nodeProgram(name: string, file: string, args: readonly (string | number)[] = []): Program {
  const path = fileURLToPath(new URL(`../programs/${file}.js`, import.meta.url));
  return { name, command: process.execPath, args: [path, ...args.map(String)] };
}

/** A program of the folder `python`. */
export function pythonProgram(name: string, file: string, args: readonly (string | number)[] = []): Program {
  const path = fileURLToPath(new URL(`../../python/${file}.py`, import.meta.url));
  return { name, command: 'python3', args: [path, ...args.map(String)] };
}

export function hasPython(): boolean {
  return spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Whether python3 has a module, as `pip install joblib` brings one. */
export function hasModule(name: string): boolean {
  return spawnSync('python3', ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0;
}
