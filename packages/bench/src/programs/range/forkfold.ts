import { range } from '@forkfold/core';
import { timed } from '../../measure/report.js';

const [, , end, processes] = process.argv;

await timed(() =>
  range(Number(end))
    .map((n) => n % 7)
    .reduce((a, b) => a + b)
    .run({ processes: Number(processes) }),
);
