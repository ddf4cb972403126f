import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { timed } from '../../measure/report.js';
import { merged, rangesOf } from './count-range.js';
import { verdict } from './verdict.js';

const [, , path = '', processes] = process.argv;

await timed(async () => {
  const pool = workerpool.pool(fileURLToPath(new URL('./workerpool-child.js', import.meta.url)), {
    workerType: 'process',
    maxWorkers: Number(processes),
    forkOpts: { serialization: 'advanced' },
  });
  const parts = rangesOf(path, statSync(path).size, 4).map(
    (range) => pool.exec('countRange', [range]) as unknown as PromiseLike<Map<string, number>>,
  );
  const counts = merged(await Promise.all(parts));
  await pool.terminate();
  return verdict(counts.values());
});
