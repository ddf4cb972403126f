import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { Tinypool } from 'tinypool';
import { timed } from '../../measure/report.js';
import { chunksOf, sumOf } from './chunks.js';

const numbers = randomIntegers(Number(process.argv[2]));
const threads = Number(process.argv[3]);

await timed(async () => {
  const filename = new URL('./sum-of-chunk.js', import.meta.url).href;
  const pool = new Tinypool({
    filename,
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: threads,
    maxThreads: threads,
  });
  const sums = chunksOf(numbers, 64).map((chunk) => pool.run(chunk) as Promise<bigint>);
  const total = await sumOf(sums);
  await pool.destroy();
  return total;
});
