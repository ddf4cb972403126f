import { textLines } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { sorted } from './sort.job.js';

const [, , path = '', output = '', processes] = process.argv;

await timed(async () => {
  await sorted(textLines(path)).writeText(output).run(inProcesses(processes));
});
