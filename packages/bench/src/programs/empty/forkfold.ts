import { from } from '@forkfold/core';

const results = await from([1, 2])
  .map((n) => n)
  .toArray()
  .run({ processes: 2 });
if (results.length !== 2) throw new Error(`${results.length} results`);
