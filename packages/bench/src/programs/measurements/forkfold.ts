import { byteChunks, textLines } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { fromBytes, fromLines } from './measurements.job.js';
import { verdict } from './verdict.js';

const [, , path = '', processes, source] = process.argv;
const options = { processes: Number(processes) };

await timed(async () =>
  source === 'bytes'
    ? verdict(await fromBytes(byteChunks(path)).run(options), 1)
    : verdict(await fromLines(textLines(path)).run(options), 10),
);
