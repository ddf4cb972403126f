import { Tinypool } from 'tinypool';
import { allAtOnce, measurePool } from './measure-pool.js';

await measurePool((size) => {
  const pool = new Tinypool({
    filename: new URL('./no-op.js', import.meta.url).href,
    runtime: 'child_process',
    serialization: 'advanced',
    minThreads: size,
    maxThreads: size,
  });
  return { run: allAtOnce(() => pool.run(0)), close: () => pool.destroy() };
});
