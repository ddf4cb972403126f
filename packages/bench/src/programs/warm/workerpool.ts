import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { inChunks, measurePool } from './measure-pool.js';

await measurePool(() => {
  const script = fileURLToPath(new URL('./workerpool-child.js', import.meta.url));
  const forkOpts = { serialization: 'advanced' } as const;
  const pool = workerpool.pool(script, { workerType: 'process', maxWorkers: 2, forkOpts });
  return {
    map: inChunks((chunk) => pool.exec('echo', [chunk])),
    close: async () => pool.terminate(),
  };
});
