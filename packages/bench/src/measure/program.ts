import { fileURLToPath } from 'node:url';

/** A program to measure, run as a process of its own. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it found, for a program whose last line of output is no `Report`. Called after it, unmeasured. */
  readonly result?: () => string;
  /** Runs at the same time: both are measured as one, which ends with the later and finds the sum of what they find. */
  readonly beside?: Program;
  /** What it must find, where that is not what the others find. */
  readonly finds?: string;
}

/** What a measured program says of itself, as JSON in its last line of output. */
export interface Report {
  /** Seconds of the work, without the start of the program and the making of its input; on a warm pool, of one run. */
  readonly seconds: number;
  /** What the work found; programs that do the same work must find the same. */
  readonly result: string;
  /** CPU seconds of this process itself, its children apart. */
  readonly ownCpu?: number;
  /** Peak resident memory of this process itself, in MB. */
  readonly ownMemory?: number;
}

/** A compiled program of `src/programs`. */
export function nodeProgram(name: string, file: string, args: readonly (string | number)[] = []): Program {
  const path = fileURLToPath(new URL(`../programs/${file}.js`, import.meta.url));
  return { name, command: process.execPath, args: [path, ...args.map(String)] };
}
