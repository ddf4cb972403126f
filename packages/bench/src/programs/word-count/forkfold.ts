import { textLines } from '@forkfold/core';
import { wordCount } from '@forkfold/examples/dist/word-count/word-count.job.js';
import { timed } from '../../measure/report.js';
import { verdict } from './verdict.js';

const [, , path = '', processes] = process.argv;

await timed(async () =>
  verdict(
    await wordCount(textLines(path))
      .toMap()
      .run({ processes: Number(processes) }),
  ),
);
