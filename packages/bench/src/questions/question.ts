import type { BenchOptions } from '../bench-options.js';
import type { Program } from '../measure/program.js';

/** A question that a bench answers: what does this work cost, done by forkfold and by others? */
export interface Question {
  /** Makes the input, unless it is there, and tells who does the work. */
  ask(options: BenchOptions): Work;
}

export interface Work {
  readonly title: string;
  /** What every program must find. It does not come from any of them. */
  readonly expected: string;
  readonly programs: readonly Program[];
  /** How many records a program works on, by which its costs are divided: rows, words, items, files; repetitions included. */
  readonly records: number;
  /** Which time is compared: of whole programs, start and end included, or what they say of a run where all is warm. */
  readonly time: 'wall' | 'seconds';
  /** How often each program is run unless the caller says so. @default 3 */
  readonly rounds?: number;
}

/** The names of programs that many questions have; goals speak of them. */
export const ONE = 'forkfold, 1 process';
export const TWO = 'forkfold, 2 processes';
export const LOOP = 'one plain loop';
export const LIMIT = 'two plain loops on halves';
export const DUCKDB = 'DuckDB, 2 threads';
export const POOL = 'Python Pool, 2 processes';

/** A size, scaled: a whole number of at least 1. */
export function scaled(size: number, { scale }: BenchOptions): number {
  return Math.max(1, Math.round(size * scale));
}
