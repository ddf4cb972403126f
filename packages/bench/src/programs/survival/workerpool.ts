import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { survive, worksFor } from './die-once.js';

const [, , marker = ''] = process.argv;

await survive(() => {
  const child = fileURLToPath(new URL('./workerpool-child.js', import.meta.url));
  const pool = workerpool.pool(child, { workerType: 'process', maxWorkers: 2 });
  return Promise.all(
    worksFor(marker).map((work) => pool.exec('squareOf', [work]) as unknown as PromiseLike<number>),
  );
});
