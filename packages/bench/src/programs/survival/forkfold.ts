import { from } from '@forkfold/core';
import { squares } from './squares.job.js';
import { survive, worksFor } from './die-once.js';

const [, , marker = ''] = process.argv;

await survive(() => squares(from(worksFor(marker))).run({ processes: 2 }));
