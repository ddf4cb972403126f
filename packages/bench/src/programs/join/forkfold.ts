import { join } from 'node:path';
import { jsonLines } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';
import { totalOf, type Account, type Payment } from './join.job.js';

const [, , directory = '', processes] = process.argv;

await timed(() =>
  totalOf(
    jsonLines<Payment>(join(directory, 'payments.jsonl')),
    jsonLines<Account>(join(directory, 'accounts.jsonl')),
  ).run(inProcesses(processes)),
);
