import { timed } from '../../measure/report.js';
import { textFilesIn } from '../by-hand/text-files.js';
import { partOf } from '../line-blocks.js';
import { countFiles } from './count-files.js';
import { verdict } from './verdict.js';

const [, , directory = '', ...place] = process.argv;
const { index, count } = partOf(place);

await timed(() => {
  const paths = textFilesIn(directory);
  const part = paths.slice((paths.length * index) / count, (paths.length * (index + 1)) / count);
  const { counts, words } = countFiles(part);
  return count === 1 ? verdict(counts.values()) : words;
});
