import { textLines } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';

const [, , glob = '', processes] = process.argv;

await timed(() =>
  textLines(glob)
    .map((line) => Number(line))
    .reduce((a, b) => a + b)
    .run(inProcesses(processes)),
);
