import { jsonLines } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { paidByUser, type Purchase } from './purchases.job.js';
import { verdict } from './verdict.js';

const [, , path = '', processes] = process.argv;

await timed(async () => verdict(await paidByUser(jsonLines<Purchase>(path)).run(inProcesses(processes))));
