import { csv, sum } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { verdict } from './verdict.js';

const [, , path = '', processes] = process.argv;

await timed(async () => {
  const columns = { shop: 'string', amount: 'number', note: 'string' } as const;
  const sums = await csv(path, { columns })
    .filter(({ note }) => note !== '')
    .groupBy('shop')
    .aggregate(sum('amount'))
    .toMap()
    .run(inProcesses(processes));
  return verdict(sums);
});
