import { textLines } from '@forkfold/core';
import { wordCount } from '@forkfold/examples/dist/word-count/word-count.job.js';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { verdict } from './verdict.js';

const [, , paths = '', processes] = process.argv;

await timed(async () => {
  const counts = await wordCount(textLines(paths)).toMap().run(inProcesses(processes));
  return verdict(counts.values());
});
