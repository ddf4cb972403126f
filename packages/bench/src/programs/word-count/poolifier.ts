import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FixedThreadPool } from 'poolifier';
import { timed } from '../../measure/report.js';
import { merged, rangesOf, type ByteRange } from './count-range.js';
import { verdict } from './verdict.js';

const [, , path = '', threads] = process.argv;

await timed(async () => {
  const script = fileURLToPath(new URL('./poolifier-thread.js', import.meta.url));
  const pool = new FixedThreadPool<ByteRange, Map<string, number>>(Number(threads), script);
  const parts = rangesOf(path, statSync(path).size, 4).map((range) => pool.execute(range));
  const counts = merged(await Promise.all(parts));
  await pool.destroy();
  return verdict(counts.values());
});
