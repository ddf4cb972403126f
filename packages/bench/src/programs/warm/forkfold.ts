import { from } from '@forkfold/core';
import { poolOfTwo } from '../processes.js';
import { measurePool } from './measure-pool.js';

const [, , kind = '', count] = process.argv;

await measurePool(kind, Number(count), () => {
  const pool = poolOfTwo();
  return {
    map: (items) =>
      from(items)
        .map((item) => item)
        .toArray()
        .run({ pool }),
    close: () => pool.close(),
  };
});
