import { nodeProgram } from '../measure/program.js';
import { nodePools, onPythonPools } from './by-hand.js';
import { scaled, TWO, type Question } from './question.js';

export const IN_TURN = 'forkfold, in turn';
export const AT_ONCE = 'forkfold, at once';

/** How often a small run is repeated. */
const RUNS = 700;

/** `parallelMap` of one record. */
export const warmRecord: Question = {
  ask: ({ python }) => ({
    title: 'One record on a warm pool of two',
    expected: '40',
    records: RUNS,
    time: 'seconds',
    programs: [
      nodeProgram(TWO, 'many-runs/forkfold', ['record']),
      ...Object.entries(nodePools).map(([pool, name]) => nodeProgram(name, 'many-runs/rivals', [pool])),
      ...onPythonPools(python, 'many_runs', []),
    ],
  }),
};

/** A shuffle of next to nothing. */
export const warmKeyed: Question = {
  ask: () => ({
    title: 'A keyed job of 100 words on a warm pool of two',
    expected: '10',
    records: RUNS * 100,
    time: 'seconds',
    programs: [nodeProgram(TWO, 'many-runs/forkfold', ['keyed'])],
  }),
};

/** Whether runs that share a pool are in each other's way. */
export const runsAtOnce: Question = {
  ask(options) {
    const runs = scaled(400, options);
    return {
      title: `${runs} runs of one record on a warm pool of two`,
      expected: String(runs * (runs - 1)),
      records: 7 * runs,
      time: 'seconds',
      programs: [
        nodeProgram(IN_TURN, 'many-runs/forkfold', ['in turn', runs]),
        nodeProgram(AT_ONCE, 'many-runs/forkfold', ['at once', runs]),
      ],
    };
  },
};
