import { timed } from '../../measure/report.js';
import { lineBlocks, partOf } from '../line-blocks.js';
import { verdict, type Summary } from './verdict.js';

const [, , path = '', ...place] = process.argv;
const part = partOf(place);

await timed(() => {
  const stations = new Map<string, Summary>();
  let rows = 0;
  for (const block of lineBlocks(path, part)) {
    for (const line of block.split('\n')) {
      const at = line.indexOf(';');
      const name = line.slice(0, at);
      const temperature = Number(line.slice(at + 1));
      rows += 1;
      const found = stations.get(name);
      if (found === undefined) {
        stations.set(name, { min: temperature, max: temperature, sum: temperature, count: 1 });
        continue;
      }
      if (temperature < found.min) found.min = temperature;
      if (temperature > found.max) found.max = temperature;
      found.sum += temperature;
      found.count += 1;
    }
  }
  return part.count === 1 ? verdict(stations, 10) : rows;
});
