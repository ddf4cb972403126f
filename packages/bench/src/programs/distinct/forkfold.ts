import { textLines } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { sizeOfDistinct } from './distinct.job.js';

const [, , path = '', processes] = process.argv;

await timed(async () => {
  const { lines, letters } = await sizeOfDistinct(textLines(path)).run(inProcesses(processes));
  return `${lines} lines, ${letters} letters`;
});
