/** One of the keyed runs of `bounds`, by name, with so many records: reports whether its result was right. */
import { range, type RunOptions } from '@forkfold/core';
import { timed } from '../measure/report.js';
import { countGroups, countJoined, countPairs, sortStrings } from './bounds.job.js';

const [name = '', count = '0', tmpDir = ''] = process.argv.slice(2);
const records = Number(count);
const options: RunOptions = { processes: 2, memoryLimit: 192, tmpDir };

await timed(async () => {
  switch (name) {
    case 'reduceByKey': {
      const distinct = records / 2;
      return verdict(await countPairs(range(records), distinct).run(options), distinct);
    }
    case 'sortBy': {
      let [previous, unordered, n] = ['', 0, 0];
      for await (const text of sortStrings(range(records), records).stream(options)) {
        if (text <= previous) unordered += 1;
        previous = text;
        n += 1;
      }
      return verdict(n - unordered, records);
    }
    case 'groupByKey': {
      const groups = await countGroups(range(records)).run(options);
      const [, hot = 0] = groups.find(([key]) => key === 'hot') ?? [];
      const good = groups.filter(([, , isOrdered]) => isOrdered).reduce((sum, [, n]) => sum + n, 0);
      return hot === records * 0.9 ? verdict(good, records) : `the hot key has ${hot} values`;
    }
    case 'join':
      return verdict(await countJoined(range(records), range(records), records).run(options), records);
    default:
      throw new Error(`No such run: ${name}`);
  }
});

function verdict(found: number, expected: number): string {
  return found === expected ? 'right' : `${found} of ${expected}`;
}
