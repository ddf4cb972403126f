import { timed } from '../../measure/report.js';
import { partOf } from '../line-blocks.js';
import { sumsOf } from './sums-of.js';
import { verdict } from './verdict.js';

const [, , path = '', ...place] = process.argv;
const part = partOf(place);

await timed(() => {
  const { sums, rows } = sumsOf(path, part);
  return part.count === 1 ? verdict(sums) : rows;
});
