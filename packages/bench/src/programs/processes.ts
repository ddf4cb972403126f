import { createPool, type RunOptions, type Pool } from '@forkfold/core';

/** Where the profiles of children are written to, if at all. */
const profile = process.env['FORKFOLD_BENCH_PROFILE'];

/** Options of a run with so many processes. */
export function inProcesses(processes: string | number | undefined): RunOptions {
  return { processes: Number(processes), profile };
}

/** A pool of two processes, which are profiled until it closes. */
export function poolOfTwo(): Pool {
  const execArgv =
    profile === undefined ? [] : ['--no-turbo-inlining', '--cpu-prof', `--cpu-prof-dir=${profile}`];
  return createPool({ processes: 2, execArgv });
}
