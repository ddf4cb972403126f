import { count, max, mean } from '@forkfold/core';
import { parquet } from '@forkfold/parquet';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { verdict } from './verdict.js';

const [, , path = '', processes] = process.argv;

await timed(async () => {
  const columns = { origin: 'string', delay: 'number', distance: 'number' } as const;
  const airports = await parquet(path, { columns })
    .groupBy('origin')
    .aggregate({ flights: count, delay: mean('delay'), farthest: max('distance') })
    .toMap()
    .run(inProcesses(processes));
  return verdict(airports as never);
});
