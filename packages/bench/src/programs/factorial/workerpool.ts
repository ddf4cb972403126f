import { fileURLToPath } from 'node:url';
import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import workerpool from 'workerpool';
import { timed } from '../../measure/report.js';
import { chunksOf, sumOf } from './chunks.js';

const numbers = randomIntegers(Number(process.argv[2]));
const maxWorkers = Number(process.argv[3]);

await timed(async () => {
  const pool = workerpool.pool(fileURLToPath(new URL('./workerpool-child.js', import.meta.url)), {
    workerType: 'process',
    maxWorkers,
    forkOpts: { serialization: 'advanced' },
  });
  const sums = chunksOf(numbers, 64).map(
    (chunk) => pool.exec('sumOfChunk', [chunk]) as unknown as PromiseLike<bigint>,
  );
  const total = await sumOf(sums);
  await pool.terminate();
  return total;
});
