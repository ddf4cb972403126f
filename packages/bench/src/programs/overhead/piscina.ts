import { Piscina } from 'piscina';
import { allAtOnce, measurePool } from './measure-pool.js';

await measurePool((size) => {
  const filename = new URL('./no-op.js', import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: size, maxThreads: size });
  return { run: allAtOnce(() => pool.run(0)), close: () => pool.close() };
});
