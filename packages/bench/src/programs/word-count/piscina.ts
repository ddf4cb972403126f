import { statSync } from 'node:fs';
import { Piscina } from 'piscina';
import { timed } from '../../measure/report.js';
import { merged, rangesOf } from './count-range.js';
import { verdict } from './verdict.js';

const [, , path = '', threads] = process.argv;

await timed(async () => {
  const filename = new URL('./count-range.js', import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: Number(threads), maxThreads: Number(threads) });
  const parts = rangesOf(path, statSync(path).size, 4).map(
    (range) => pool.run(range) as Promise<Map<string, number>>,
  );
  const counts = merged(await Promise.all(parts));
  await pool.close();
  return verdict(counts.values());
});
