/** Small runs on a warm pool of two, by what they do. */
import { from, parallelMap } from '@forkfold/core';
import { timedWarm } from '../../measure/report.js';
import { poolOfTwo } from '../processes.js';
import { countWords } from './small.job.js';

const [, , what, runs] = process.argv;
const pool = poolOfTwo();
const options = { pool };
const words = Array.from({ length: 100 }, (_, i) => `Word-${i % 10}`);

switch (what) {
  case 'record':
    await timedWarm({ warmUp: 200, measured: 500 }, () => parallelMap([20], double, options), String);
    break;
  case 'keyed':
    await timedWarm(
      { warmUp: 200, measured: 500 },
      () => countWords(from(words)).run(options),
      (counts) => String(counts.get('word-7')),
    );
    break;
  case 'in turn':
    await timedWarm(
      { warmUp: 2, measured: 5 },
      async () => {
        let sum = 0;
        for (let n = 0; n < Number(runs); n += 1) sum += (await parallelMap([n], double, options))[0]!;
        return sum;
      },
      String,
    );
    break;
  case 'at once':
    await timedWarm(
      { warmUp: 2, measured: 5 },
      async () => {
        const results = Array.from({ length: Number(runs) }, (_, n) => parallelMap([n], double, options));
        return (await Promise.all(results)).reduce((sum, [n]) => sum + n!, 0);
      },
      String,
    );
    break;
  default:
    throw new Error(`No such run: ${what}`);
}
await pool.close();

function double(n: number): number {
  return 2 * n;
}
