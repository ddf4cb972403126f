import { range } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';

const [, , end, processes] = process.argv;

await timed(() =>
  range(Number(end))
    .map((n) => n % 7)
    .reduce((a, b) => a + b)
    .run(inProcesses(processes)),
);
