import { statSync } from 'node:fs';
import { Tinypool } from 'tinypool';
import { timed } from '../../measure/report.js';
import { merged, rangesOf } from './count-range.js';
import { verdict } from './verdict.js';

const [, , path = '', processes] = process.argv;

await timed(async () => {
  const pool = new Tinypool({
    filename: new URL('./count-range.js', import.meta.url).href,
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: Number(processes),
    maxThreads: Number(processes),
  });
  const parts = rangesOf(path, statSync(path).size, 4).map(
    (range) => pool.run(range) as Promise<Map<string, number>>,
  );
  const counts = merged(await Promise.all(parts));
  await pool.destroy();
  return verdict(counts.values());
});
