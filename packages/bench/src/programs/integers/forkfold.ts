import { from } from '@forkfold/core';
import { timed } from '../../measure/report.js';
import { inProcesses } from '../processes.js';

const [, , count, how] = process.argv;

function* integers(): Generator<number> {
  for (let n = 0; n < Number(count); n += 1) yield n;
}

await timed(async () => {
  const mapped = from(integers()).map((n) => 2 * n + 1);
  if (how === 'reduce') return mapped.reduce((a, b) => a + b).run(inProcesses(2));
  let [sum, previous] = [0, 0];
  for await (const n of mapped.stream(inProcesses(2))) {
    if (n < previous) throw new Error(`${n} comes after ${previous}`);
    previous = n;
    sum += n;
  }
  return sum;
});
