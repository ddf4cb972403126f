import { createPool, from } from '@forkfold/core';
import { measurePool } from './measure-pool.js';

const [, , kind = '', count] = process.argv;

await measurePool(kind, Number(count), () => {
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
