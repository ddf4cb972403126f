import { createPool, from } from '@forkfold/core';
import { measurePool } from './measure-pool.js';

await measurePool((processes) => {
  const pool = createPool({ processes });
  return {
    run: (tasks) =>
      from(new Uint8Array(tasks))
        .map((n) => n)
        .count()
        .run({ pool, chunkSize: 1 }),
    close: () => pool.close(),
  };
});
