import { Tinypool } from 'tinypool';
import { inChunks, measurePool } from './measure-pool.js';

await measurePool(() => {
  const pool = new Tinypool({
    filename: new URL('./echo.js', import.meta.url).href,
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: 2,
    maxThreads: 2,
  });
  return { map: inChunks((chunk) => pool.run(chunk)), close: () => pool.destroy() };
});
