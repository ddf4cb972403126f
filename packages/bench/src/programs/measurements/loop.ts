import { timed } from '../../measure/report.js';
import { partOf } from '../line-blocks.js';
import { summariesOf } from './summaries-of.js';
import { verdict } from './verdict.js';

const [, , path = '', ...place] = process.argv;
const part = partOf(place);

await timed(() => {
  const { stations, rows } = summariesOf(path, part);
  return part.count === 1 ? verdict(stations, 10) : rows;
});
