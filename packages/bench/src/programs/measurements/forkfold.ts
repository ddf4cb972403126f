import { byteChunks, csv, textLines } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { fromBytes, fromLines, fromRows } from './measurements.job.js';
import { verdict } from './verdict.js';

const [, , path = '', processes, source] = process.argv;
const options = inProcesses(processes);

await timed(async () => {
  switch (source) {
    case 'bytes':
      return verdict(await fromBytes(byteChunks(path)).run(options), 1);
    case 'csv': {
      const columns = { station: 'string', temperature: 'number' } as const;
      const rows = csv(path, { header: false, delimiter: ';', columns });
      return verdict(await fromRows(rows).run(options), 10);
    }
    default:
      return verdict(await fromLines(textLines(path)).run(options), 10);
  }
});
