import { fileURLToPath } from 'node:url';
import { FixedThreadPool } from 'poolifier';
import { inChunks, measurePool } from './measure-pool.js';

await measurePool(() => {
  const script = fileURLToPath(new URL('./poolifier-thread.js', import.meta.url));
  const pool = new FixedThreadPool<readonly unknown[], unknown[]>(2, script);
  return { map: inChunks((chunk) => pool.execute(chunk)), close: () => pool.destroy() };
});
