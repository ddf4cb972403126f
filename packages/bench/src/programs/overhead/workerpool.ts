import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { allAtOnce, measurePool } from './measure-pool.js';

await measurePool((maxWorkers) => {
  const script = fileURLToPath(new URL('./workerpool-child.js', import.meta.url));
  const forkOpts = { serialization: 'advanced' } as const;
  const pool = workerpool.pool(script, { workerType: 'process', maxWorkers, forkOpts });
  return {
    run: allAtOnce(() => pool.exec('noOp', [0])),
    close: async () => pool.terminate(),
  };
});
