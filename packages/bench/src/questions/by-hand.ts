import type { Python } from '../measure/python.js';
import { nodeProgram, type Program } from '../measure/program.js';
import { POOL } from './question.js';

/** The pools of Node, by the names that their programs know them by. */
export const nodePools = {
  workerpool: 'workerpool, 2 processes',
  tinypool: 'Tinypool, 2 processes',
  piscina: 'Piscina, 2 threads',
  poolifier: 'poolifier, 2 threads',
} as const;

export const JOBLIB = 'joblib, 2 processes';
export const DASK = 'dask.bag, 2 processes';

/** What forkfold is never to be slower than, where the user cuts and folds the work by hand. */
export const otherPools: readonly string[] = [...Object.values(nodePools), JOBLIB, DASK];

type Arguments = readonly (string | number)[];

/** A work that is cut by hand, on each pool of Node. @param file A module of `src/programs`. */
export function onNodePools(file: string, args: Arguments): Program[] {
  return Object.entries(nodePools).map(([pool, name]) =>
    nodeProgram(name, 'by-hand/main', [pool, file, 2, ...args]),
  );
}

/** The same in Python. @param file A program of `python`, which is told a style first. */
export function onPythonPools(python: Python, file: string, args: Arguments): Program[] {
  return [...python.programs(POOL, file, ['pool', ...args]), ...onJoblibAndDask(python, file, args)];
}

export function onJoblibAndDask(python: Python, file: string, args: Arguments): Program[] {
  return [
    ...python.programs(JOBLIB, file, ['joblib', ...args], 'joblib'),
    ...python.programs(DASK, file, ['dask', ...args], 'dask.bag'),
  ];
}
