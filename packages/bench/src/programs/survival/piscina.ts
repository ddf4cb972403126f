import { Piscina } from 'piscina';
import { survive, worksFor } from './die-once.js';

const [, , marker = ''] = process.argv;

await survive(() => {
  const filename = new URL('./die-once.js', import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: 2, maxThreads: 2 });
  return Promise.all(worksFor(marker).map((work) => pool.run(work) as Promise<number>));
});
