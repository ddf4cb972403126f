import { from } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';

const [, , processes = 2] = process.argv;

await timed(async () => {
  const results = await from([1, 2])
    .map((n) => n)
    .toArray()
    .run(inProcesses(processes));
  if (results.length !== 2) throw new Error(`${results.length} results`);
  return '';
});
