import { fileURLToPath } from 'node:url';
import { randomIntegers } from '@forkfold/examples/dist/factorial/random-integers.js';
import { FixedThreadPool } from 'poolifier';
import { timed } from '../../measure/report.js';
import { chunksOf, sumOf } from './chunks.js';

const numbers = randomIntegers(Number(process.argv[2]));
const threads = Number(process.argv[3]);

await timed(async () => {
  const script = fileURLToPath(new URL('./poolifier-thread.js', import.meta.url));
  const pool = new FixedThreadPool<Uint8Array, bigint>(threads, script);
  const total = await sumOf(chunksOf(numbers, 64).map((chunk) => pool.execute(chunk)));
  await pool.destroy();
  return total;
});
