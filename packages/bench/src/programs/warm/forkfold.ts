import { createPool, from } from '@forkfold/core';
import { measurePool } from './measure-pool.js';

await measurePool(() => {
  const pool = createPool({ processes: 2 });
  return {
    map: (items) =>
      from(items)
        .map((item) => item)
        .toArray()
        .run({ pool }),
    close: () => pool.close(),
  };
});
