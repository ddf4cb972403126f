import { timed } from '../../measure/report.js';
import { textFilesIn } from '../by-hand/text-files.js';
import { sumOfFiles } from './sum-of-files.js';

const [, , directory = ''] = process.argv;

await timed(() => sumOfFiles(textFilesIn(directory)));
