import { Piscina } from 'piscina';
import { inChunks, measurePool } from './measure-pool.js';

await measurePool(() => {
  const filename = new URL('./echo.js', import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: 2, maxThreads: 2 });
  return { map: inChunks((chunk) => pool.run(chunk)), close: () => pool.close() };
});
