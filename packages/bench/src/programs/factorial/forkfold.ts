import { from } from '@forkfold/core';
import { sumOfFactorials } from '@forkfold/examples/dist/factorial/factorial.job.js';
import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';

const numbers = randomIntegers(Number(process.argv[2]));
const options = inProcesses(process.argv[3]);

await timed(() => sumOfFactorials(from(numbers)).run(options));
